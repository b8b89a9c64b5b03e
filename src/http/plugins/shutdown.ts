import { setMaxListeners } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { ApiError } from '../../contract/errors.ts'
import { drainTimeoutMs, keepAliveGraceMs, unavailableRetryAfterSeconds } from '../../model/http-limits.ts'
import type { Server } from '../server.ts'
import { hasBody } from './body-clock.ts'

const connectionsLookMs = 20

/**
 * While the server closes, requests in flight are finished, waiting polls are answered, and new requests on open connections get 503 and
 * the end of their connection. Gives the signal that fires when it begins.
 *
 * A body that comes slowly may take hours: what is not finished after `drainTimeoutMs` is cut.
 *
 * Connections that are open but idle get some time: one that is closed at the moment when its next request comes would break that request.
 */
export function refuseWhenStopping(server: Server): AbortSignal {
  const stopping = new AbortController()
  // Every waiting poll listens.
  setMaxListeners(0, stopping.signal)
  server.decorate('stopping', stopping.signal)
  let connections = 0
  let cut: NodeJS.Timeout | undefined
  // Clients open connections before they need them. Node closes those that are idle after a request, but not those before the first one.
  const unused = new Set<Socket>()
  server.server.on('connection', (socket) => {
    connections++
    unused.add(socket)
    socket.once('close', () => {
      connections--
      unused.delete(socket)
    })
  })
  server.server.on('request', ({ socket }) => unused.delete(socket))
  server.addHook('preClose', async () => {
    stopping.abort()
    const until = performance.now() + keepAliveGraceMs
    while (connections > 0 && performance.now() < until) await pause(connectionsLookMs)
    cut = setTimeout(() => server.server.closeAllConnections(), drainTimeoutMs - keepAliveGraceMs)
    for (const socket of unused) socket.destroy()
  })
  server.addHook('onClose', async () => clearTimeout(cut))
  server.addHook('onSend', ({ raw }, reply, _payload, done) => {
    if (!stopping.signal.aborted) return done()
    // An idle connection would keep the server open until its keep-alive ends. Where a body is still coming, to close is to reset the
    // connection before the client has read its answer (Fastify would): that one is closed when it is idle.
    // A request without a body is not complete either while its head is being handled.
    if (raw.complete || !hasBody(raw)) reply.header('connection', 'close')
    else reply.raw.removeHeader('connection')
    done()
  })
  server.addHook('onRequest', (request, _reply, done) => {
    // The health check goes on telling that the process lives, and readiness says by itself that it does not serve.
    if (!stopping.signal.aborted || request.routeOptions.config.scope === 'public') return done()
    throw new ApiError('stopping', 'No new work is taken.', {
      headers: { 'retry-after': String(unavailableRetryAfterSeconds) },
    })
  })
  return stopping.signal
}
