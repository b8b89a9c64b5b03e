import { Type } from 'typebox'
import { ApiError } from '../../../contract/errors.ts'
import { PageOf, pageParameters } from '../../../contract/native/page.ts'
import { Run } from '../../../contract/native/run.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { defaultPageItems } from '../../../model/limits.ts'
import { runStatuses } from '../../../model/run-status.ts'
import { findRun, listRuns } from '../../../store/queries/find-run.ts'
import { createCursor, readCursor } from '../../cursor.ts'
import { presentRun } from '../../present/run.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { runNotFound } from './answer-start.ts'

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
      const { runs, hasMore } = await listRuns(kysely, status && [status].flat(), readSeq(cursor), limit)
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
      const run = await findRun(kysely, request.params.id)
      if (!run) throw runNotFound()
      return presentRun(run)
    },
  )
}

function readSeq(cursor: string | undefined): number {
  const text = readCursor(cursor)
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER
  const seq = Number(text)
  if (/^\d{1,15}$/.test(text)) return seq
  throw new ApiError('invalidInput', 'The cursor is none that this list made.')
}
