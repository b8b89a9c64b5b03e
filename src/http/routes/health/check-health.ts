import { Health } from '../../../contract/native/system.ts'
import { unavailableRetryAfterSeconds } from '../../../model/http-limits.ts'
import { databaseAnswers } from '../../../store/queries/system-status.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'

/** `GET /healthz`: the process lives. `GET /readyz`: it can serve: started, database answering, not shutting down. Without credential. */
export function checkHealth(server: Server, services: HttpServices): void {
  const config = { scope: 'public' } as const
  const schema = { tags: ['native'], response: { 200: Health } }
  server.route({
    method: 'GET',
    url: '/healthz',
    config,
    schema: { ...schema, summary: 'Whether the process lives' },
    handler: async () => ({ status: 'ok' as const }),
  })
  server.route({
    method: 'GET',
    url: '/readyz',
    config,
    schema: { ...schema, summary: 'Whether requests can be served', response: { 200: Health, 503: Health } },
    handler: async (_request, reply) => {
      const ready = services.isReady() && !server.stopping.aborted && (await databaseAnswers(services.database))
      if (!ready) reply.code(503).header('retry-after', String(unavailableRetryAfterSeconds))
      return { status: ready ? ('ok' as const) : ('unavailable' as const) }
    },
  })
}
