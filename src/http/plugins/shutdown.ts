import { setMaxListeners } from 'node:events'
import { ApiError } from '../../contract/errors.ts'
import { unavailableRetryAfterSeconds } from '../../model/limits.ts'
import type { Server } from '../server.ts'

/**
 * While the server closes, requests in flight are finished, waiting polls are answered, and new requests on open connections get 503 and
 * the end of their connection. Gives the signal that fires when it begins.
 */
export function refuseWhenStopping(server: Server): AbortSignal {
  const stopping = new AbortController()
  // Every waiting poll listens.
  setMaxListeners(0, stopping.signal)
  server.decorate('stopping', stopping.signal)
  server.addHook('preClose', async () => stopping.abort())
  server.addHook('onSend', async (_request, reply) => {
    // An idle connection would keep the server open until its keep-alive ends.
    if (stopping.signal.aborted) reply.header('connection', 'close')
  })
  server.addHook('onRequest', async (request) => {
    // The health check goes on telling that the process lives, and readiness says by itself that it does not serve.
    if (!stopping.signal.aborted || request.routeOptions.config.scope === 'public') return
    throw new ApiError('stopping', 'No new work is taken.', {
      headers: { 'retry-after': String(unavailableRetryAfterSeconds) },
    })
  })
  return stopping.signal
}
