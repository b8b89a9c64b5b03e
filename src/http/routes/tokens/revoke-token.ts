import { Type } from 'typebox'
import { ApiError } from '../../../contract/errors.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { revokeToken } from '../../../store/queries/revoke-token.ts'
import type { Authenticator } from '../../auth/authenticator.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'

/** `DELETE /api/v1/tokens/{id}`: the token is refused from now on (on other nodes after `verifiedCredentialMs` at the latest). */
export function revokeTokenRoute(server: Server, services: HttpServices, authenticator: Authenticator): void {
  server.delete(
    '/api/v1/tokens/:id',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['native'],
        summary: 'Revoke a token',
        params: Type.Object({ id: Type.String() }),
        response: { 204: Type.Null(), 404: ProblemDetails },
      },
    },
    async (request, reply) => {
      const { params, identity } = request
      const isThere = await services.database.transaction((trx) => revokeToken(trx, params.id, identity!.name))
      if (!isThere) throw new ApiError('tokenNotFound', 'No token has this id.')
      authenticator.forgetToken(params.id)
      return reply.code(204).send(null)
    },
  )
}
