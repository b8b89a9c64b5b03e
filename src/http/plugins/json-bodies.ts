import type { FastifyRequest } from 'fastify'
import { maxJsonBodyBytes } from '../../model/http-limits.ts'
import { takeMultipart } from '../input/multipart-parts.ts'
import { parseJson } from '../input/parse-json.ts'
import { readBody, refuseContentEncoding } from '../input/read-body.ts'
import type { Server } from '../server.ts'

/** JSON is the only body that routes get parsed; every other media type is answered with 415. */
export function parseJsonBodies(server: Server): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', async (request: FastifyRequest) => {
    refuseContentEncoding(request)
    return parseJson(await readBody(request, maxJsonBodyBytes))
  })
}

/**
 * For routes that read any body themselves: takes the Content-Type away from the framework, which refuses malformed ones, and keeps it in
 * `claimedType`. Register the routes in a scope of their own.
 */
export function leaveBodiesToRoutes(server: Server): void {
  server.removeAllContentTypeParsers()
  hideContentTypes(server, () => true)
}

/** As {@link leaveBodiesToRoutes}, for routes that read a multipart body by its parts with `partsOf`, and any other body themselves. */
export async function leaveOtherBodiesToRoutes(server: Server): Promise<void> {
  server.removeAllContentTypeParsers()
  // One is a file too many, so that it can be told apart from a file that is too large.
  await takeMultipart(server, 2)
  hideContentTypes(server, (request) => !isMultipart(request))
}

function hideContentTypes(server: Server, isHidden: (request: FastifyRequest) => boolean): void {
  server.addContentTypeParser('*', (_request, _payload, done) => done(null))
  server.addHook('onRequest', (request, _reply, done) => {
    request.claimedType = request.headers['content-type'] ?? null
    if (isHidden(request)) delete request.raw.headers['content-type']
    done()
  })
}

/** Whether the body is announced as a multipart form. */
export function isMultipart({ claimedType }: Pick<FastifyRequest, 'claimedType'>): boolean {
  return /^\s*multipart\/form-data\s*;/i.test(claimedType ?? '')
}
