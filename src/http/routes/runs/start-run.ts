import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../../contract/errors.ts'
import { Run, RunPreviewShape, StartRunRequest } from '../../../contract/native/run.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { maxIdempotencyKeyCharacters } from '../../../model/run-limits.ts'
import type { RunOrder } from '../../../processing/run-ports.ts'
import { findRun } from '../../../store/queries/find-run.ts'
import { presentRun, presentRunPreview } from '../../present/run.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { nothingThere, parseRunPaths, requireInterval, startedRun } from './answer-start.ts'
import { runAddress } from './run-address.ts'

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
  const createdFromMs = parseInstant(filter.createdFrom, '/filter/createdFrom')
  const createdToMs = parseInstant(filter.createdTo, '/filter/createdTo')
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

function parseInstant(text: string | null | undefined, pointer: string): number | null {
  if (text === null || text === undefined) return null
  const ms = Date.parse(text)
  if (Number.isFinite(ms)) return ms
  throw new ApiError('invalidInput', 'A time cannot be read.', { errors: [{ pointer, detail: 'must be an instant (RFC 3339)' }] })
}

/** A client that has lost the answer sends the same request with the same key again, and gets the run that it has started. */
export function idempotencyKeyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined || (typeof key === 'string' && key.length > 0 && key.length <= maxIdempotencyKeyCharacters)) return key
  throw new ApiError('invalidInput', `The Idempotency-Key must have 1 to ${maxIdempotencyKeyCharacters} characters.`)
}
