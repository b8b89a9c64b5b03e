import { Type } from 'typebox'
import { ProcessHistory, ProcessStatus } from '../../../contract/guides/process.ts'
import { RunLogPage } from '../../../contract/native/run.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { runHistoryRuns } from '../../../model/run-limits.ts'
import { listRuns } from '../../../store/queries/find-run.ts'
import { presentProcess } from '../../present/process.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { logParameters, readLogPage } from '../runs/read-log-page.ts'
import { sendLogArchive } from '../runs/send-log-archive.ts'
import { requireProcess } from './require-process.ts'

const base = '/bin/guides/v1/assets/process'
const Query = Type.Object({ processingId: Type.Optional(Type.String()) })
const LogQuery = Type.Object({ ...Query.properties, ...logParameters })
const problems = { 400: ProblemDetails, 404: ProblemDetails }

/** `GET /bin/guides/v1/assets/process/status`, `…/history`, `…/logs` and `…/logs/download`. */
export function readProcess(server: Server, services: HttpServices): void {
  const config = { scope: 'read' } as const
  const tags = ['guides']
  server.get(
    `${base}/status`,
    { config, schema: { tags, summary: 'Show how a run stands', querystring: Query, response: { 200: ProcessStatus, ...problems } } },
    async (request) => presentProcess(await requireProcess(services, request.query.processingId)),
  )
  server.get(
    `${base}/history`,
    { config, schema: { tags, summary: `List the last ${runHistoryRuns} runs, newest first`, response: { 200: ProcessHistory } } },
    async () => {
      const { runs } = await listRuns(services.database.kysely, undefined, Number.MAX_SAFE_INTEGER, runHistoryRuns)
      return { executionHistory: runs.map(presentProcess) }
    },
  )
  server.route({
    method: 'GET',
    url: `${base}/logs`,
    config,
    schema: { tags, summary: 'Read the log of a run', querystring: LogQuery, response: { 200: RunLogPage, ...problems } },
    handler: async (request) => readLogPage(services, await requireProcess(services, request.query.processingId), request.query),
  })
  server.route({
    method: 'GET',
    url: `${base}/logs/download`,
    config,
    schema: {
      tags,
      summary: 'Download the log of a run as a ZIP',
      querystring: Query,
      response: { 200: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }), ...problems },
    },
    handler: async (request, reply) =>
      sendLogArchive(services, request, reply, await requireProcess(services, request.query.processingId)) as never,
  })
}
