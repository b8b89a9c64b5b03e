import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * Headers of every answer, errors and refused URLs included. Answers are data: a browser may neither guess another type nor load or run
 * anything from them; pages replace the policy by their own.
 */
export function setStandingHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({
    'x-request-id': request.id,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  })
}
