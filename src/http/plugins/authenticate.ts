import { ApiError } from '../../contract/errors.ts'
import type { Authenticator } from '../auth/authenticator.ts'
import { isAllowed } from '../auth/identity.ts'
import type { Server } from '../server.ts'

const challenges = ['Basic realm="Assay", charset="UTF-8"', 'Bearer realm="Assay"']

/** Closed by default: every route says which scope it needs, and a server with one that does not say it refuses to start. */
export function authenticateRequests(server: Server, authenticator: Authenticator): void {
  server.decorateRequest('identity', null)
  server.addHook('onRoute', (route) => {
    if (route.config?.scope === undefined) throw new Error(`The route ${route.method} ${route.url} does not say which scope it needs.`)
  })
  server.addHook('onRequest', async (request) => {
    const scope = request.routeOptions.config.scope
    if (scope === 'public' || request.is404) return
    const { authorization } = request.headers
    const identity = authorization === undefined ? null : await authenticator.authenticate(authorization, request.ip)
    if (!identity) {
      if (authorization !== undefined) request.log.warn({ event: 'credential-refused', address: request.ip }, 'a credential is not right')
      const detail = authorization === undefined ? 'The request has no Authorization header.' : 'The credential is not right, or no longer.'
      throw new ApiError('unauthenticated', detail, { headers: { 'www-authenticate': challenges } })
    }
    if (scope === undefined || !isAllowed(identity, scope)) throw new ApiError('forbidden', `This needs the scope "${scope}".`)
    request.identity = identity
  })
}
