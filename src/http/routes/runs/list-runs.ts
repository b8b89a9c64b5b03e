import { Type } from 'typebox'
import { PageOf, pageParameters } from '../../../contract/native/page.ts'
import { Run } from '../../../contract/native/run.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { defaultPageItems } from '../../../model/http-limits.ts'
import { runStatuses } from '../../../model/run-status.ts'
import { listRuns } from '../../../store/queries/find-run.ts'
import { createCursor, parseNumberKey, readCursorAs } from '../../cursor.ts'
import { presentRun } from '../../present/run.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { requireRun } from './require-run.ts'

const Status = Type.Enum([...runStatuses])
const Query = Type.Object(
  { status: Type.Optional(Type.Union([Status, Type.Array(Status)])), ...pageParameters },
  { additionalProperties: false },
)

/** `GET /api/v1/runs`: a page of runs, newest first. `GET /api/v1/runs/{id}`: one, with its progress at this moment. */
export function listRunsRoute(server: Server, services: HttpServices): void {
  const { kysely } = services.database
  server.get(
    '/api/v1/runs',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['native'],
        summary: 'List processing runs',
        querystring: Query,
        response: { 200: PageOf(Run), 400: ProblemDetails },
      },
    },
    async (request) => {
      const { status, limit = defaultPageItems, cursor } = request.query
      const { runs, hasMore } = await listRuns(
        kysely,
        status && [status].flat(),
        readCursorAs(cursor, parseNumberKey) ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      return { items: runs.map(presentRun), nextCursor: hasMore ? createCursor(String(runs.at(-1)!.seq)) : null }
    },
  )
  server.get(
    '/api/v1/runs/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['native'],
        summary: 'Show a processing run',
        params: Type.Object({ id: Type.String() }),
        response: { 200: Run, 404: ProblemDetails },
      },
    },
    async (request) => {
      return presentRun(await requireRun(services, request.params.id))
    },
  )
}
