import { ApiError } from '../../../contract/errors.ts'
import { Run, RunPreviewShape, StartRunRequest } from '../../../contract/native/run.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import type { RunOrder } from '../../../processing/run-ports.ts'
import { findRun } from '../../../store/queries/find-run.ts'
import { presentRun, presentRunPreview } from '../../present/run.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { idempotencyKeyOf, parseRunPaths, requireInterval } from './read-run-order.ts'
import { runAddress } from './run-address.ts'
import { nothingThere, startedRun } from './run-errors.ts'

/** `POST /api/v1/runs`: starts a processing run, or with `dryRun` says what it would do. */
export function startRunRoute(server: Server, services: HttpServices): void {
  server.post(
    '/api/v1/runs',
    {
      config: { scope: 'write' },
      schema: {
        tags: ['native'],
        summary: 'Start a processing run',
        body: StartRunRequest,
        response: { 200: RunPreviewShape, 202: Run, 400: ProblemDetails, 404: ProblemDetails, 409: ProblemDetails, 422: ProblemDetails },
      },
    },
    async (request, reply) => {
      const order = orderOf(request.body, request.identity!.name, idempotencyKeyOf(request))
      if (request.body.dryRun === true) {
        const preview = await services.runs.preview(order)
        if (!preview) throw nothingThere()
        return presentRunPreview(order, preview)
      }
      const id = startedRun(await services.runs.start(order), runAddress)
      reply.code(202).header('location', runAddress(id))
      return presentRun((await findRun(services.database.kysely, id))!)
    },
  )
}

function orderOf({ path, excludedPaths = [], filter = {} }: StartRunRequest, createdBy: string, idempotencyKey?: string): RunOrder {
  const createdFromMs = msOf(filter.createdFrom, '/filter/createdFrom')
  const createdToMs = msOf(filter.createdTo, '/filter/createdTo')
  requireInterval(createdFromMs, createdToMs, '/filter/createdTo')
  return {
    ...parseRunPaths(path, excludedPaths),
    types: filter.types ?? null,
    createdFromMs,
    createdToMs,
    selection: filter.only ?? 'all',
    createdBy,
    idempotencyKey,
  }
}

/** Not `parseInstant`: a bound is kept as a number, so it may lie in years that nothing else can name. */
function msOf(instant: string | null | undefined, pointer: string): number | null {
  if (instant === null || instant === undefined) return null
  const ms = Date.parse(instant)
  if (Number.isFinite(ms)) return ms
  throw new ApiError('invalidInput', 'A time cannot be read.', { errors: [{ pointer, detail: 'must be an instant (RFC 3339)' }] })
}
