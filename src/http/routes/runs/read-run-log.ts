import { Type } from 'typebox'
import { RunLogPage } from '../../../contract/native/run.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { logParameters, readLogPage } from './read-log-page.ts'
import { requireRun } from './require-run.ts'
import { sendLogArchive } from './send-log-archive.ts'

const Params = Type.Object({ id: Type.String() })

/** `GET /api/v1/runs/{id}/log`: a part of the log. `…/log/download`: all of it as a ZIP. */
export function readRunLogRoutes(server: Server, services: HttpServices): void {
  const config = { scope: 'read' } as const
  server.route({
    method: 'GET',
    url: '/api/v1/runs/:id/log',
    config,
    schema: {
      tags: ['native'],
      summary: 'Read the log of a processing run',
      params: Params,
      querystring: Type.Object(logParameters, { additionalProperties: false }),
      response: { 200: RunLogPage, 400: ProblemDetails, 404: ProblemDetails },
    },
    handler: async (request) => readLogPage(services, await requireRun(services, request.params.id), request.query),
  })
  server.route({
    method: 'GET',
    url: '/api/v1/runs/:id/log/download',
    config,
    schema: {
      tags: ['native'],
      summary: 'Download the log of a processing run as a ZIP',
      params: Params,
      response: { 200: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }), 404: ProblemDetails },
    },
    handler: async (request, reply) => sendLogArchive(services, request, reply, await requireRun(services, request.params.id)) as never,
  })
}
