import { ApiError } from '../../../contract/errors.ts'
import { CreatedToken, CreateTokenRequest } from '../../../contract/native/token.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { createToken } from '../../../store/queries/create-token.ts'
import { createTokenParts, digestSecret, formatToken } from '../../auth/token-text.ts'
import { parseInstant } from '../../input/instant-parameter.ts'
import { presentToken } from '../../present/token.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'

/** `POST /api/v1/tokens`: makes a token. Its text is in this answer and nowhere else. */
export function createTokenRoute(server: Server, services: HttpServices): void {
  server.post(
    '/api/v1/tokens',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['native'],
        summary: 'Create a token',
        body: CreateTokenRequest,
        response: { 201: CreatedToken, 400: ProblemDetails },
      },
    },
    async (request, reply) => {
      const { name, scopes, expiresAt } = request.body
      const parts = createTokenParts()
      const token = {
        id: parts.id,
        name,
        secret_sha256: digestSecret(parts.secret),
        scopes: [...scopes],
        created_by: request.identity!.name,
        expires_at: expiresAt === undefined ? null : parseExpiry(expiresAt),
      }
      const row = await services.database.transaction((trx) => createToken(trx, token))
      reply.code(201)
      return { ...presentToken(row), token: formatToken(parts) }
    },
  )
}

function parseExpiry(text: string): Date {
  const expiresAt = parseInstant(text, '/expiresAt')
  if (expiresAt.getTime() > Date.now()) return expiresAt
  throw new ApiError('invalidInput', 'The token would have expired already.', {
    errors: [{ pointer: '/expiresAt', detail: 'must be an instant in the future (RFC 3339)' }],
  })
}
