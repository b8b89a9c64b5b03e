import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../contract/errors.ts'
import type { Server } from '../server.ts'

/**
 * Browsers send a remembered Basic credential along with whatever any page makes them send. So a request that changes something and that
 * a browser says comes from elsewhere is refused. Scripts send neither header; a Bearer token is never sent by itself.
 */
export function refuseCrossSite(server: Server): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const { method, headers } = request
    const changes = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS'
    if (changes && comesFromElsewhere(request) && !/^bearer /i.test(headers.authorization ?? ''))
      throw new ApiError('crossSite', 'The browser says that another site sent this request.')
    done()
  })
}

function comesFromElsewhere({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  if (headers.origin === undefined) return false
  return !URL.canParse(headers.origin) || new URL(headers.origin).host !== headers.host
}
