import { Readable } from 'node:stream'
import type { Server } from '../server.ts'

/**
 * HEAD wherever there is GET (RFC 9110, section 9.3.2): the same handler, and its answer without the content. What would be streamed is not
 * even begun, so that it costs nothing; Fastify's `exposeHeadRoutes` would read all of it. Add it before whatever looks at the methods of
 * routes.
 */
export function answerHeadRequests(server: Server): void {
  server.addHook('onRoute', (route) => {
    if (route.method === 'GET') route.method = ['GET', 'HEAD']
  })
  server.addHook('onSend', ({ method }, _reply, payload, done) => {
    if (method !== 'HEAD' || !(payload instanceof Readable)) return done()
    payload.destroy()
    done(null, null)
  })
}
