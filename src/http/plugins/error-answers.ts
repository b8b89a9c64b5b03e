import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { ApiError, type InputFinding } from '../../contract/errors.ts'
import { InvalidPathError } from '../../model/asset-path.ts'
import { maxInputFindings, unavailableRetryAfterSeconds } from '../../model/http-limits.ts'
import { ContentStoreUnavailableError, ContentTooLargeError } from '../../processing/content-ports.ts'
import { IncompleteUploadError } from '../../processing/direct-uploads.ts'
import { PreconditionFailedError } from '../../processing/ports.ts'
import { IncompleteBodyError } from '../../processing/take-in-content.ts'
import { DatabaseUnavailableError, DiskFullError } from '../../store/database-errors.ts'
import { StatusListGoneError } from '../../store/queries/read-status-list.ts'
import { presentError } from '../present/error.ts'
import type { Server } from '../server.ts'
import { setStandingHeaders } from './standing-headers.ts'

const retryAfter = { 'retry-after': String(unavailableRetryAfterSeconds) }

/** The one place where errors become answers (RFC 9457). What is not known to be fit for the caller is logged and answered as 500. */
export function answerErrors(server: Server): void {
  server.setErrorHandler((error, request, reply) => answerError(error, request, reply))
}

/** Answers with a problem; also for requests that no route or hook has seen. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toApiError(error)
  if (known.kind.status >= 500) request.log.error({ err: error }, known.kind.title)
  // What was said of another answer before it failed, its encoding above all, is not true of this one.
  for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name)
  setStandingHeaders(request, reply)
  return reply
    .code(known.kind.status)
    .headers(known.headers)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(presentError(known, request.id, request.url))
}

/** What an error means to the caller. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof DatabaseUnavailableError) {
    return new ApiError('unavailable', 'The database does not answer.', { headers: retryAfter, cause: error })
  }
  if (error instanceof ContentStoreUnavailableError) {
    return new ApiError('unavailable', 'The store of large contents does not answer.', { headers: retryAfter, cause: error })
  }
  if (error instanceof StatusListGoneError) return new ApiError('jobExpired', 'The list of this job is no longer kept.')
  if (error instanceof DiskFullError) return new ApiError('diskFull', 'Nothing was stored.', { cause: error })
  if (error instanceof ContentTooLargeError) return new ApiError('bodyTooLarge', error.message)
  if (error instanceof PreconditionFailedError)
    return new ApiError('preconditionFailed', 'The path does not hold what the request demands.')
  if (error instanceof IncompleteBodyError) return new ApiError('malformedBody', error.message)
  if (error instanceof IncompleteUploadError) return new ApiError('incompleteUpload', error.message)
  if (error instanceof InvalidPathError) return new ApiError('invalidPath', `The path ${error.message}.`)
  const { code } = error as { readonly code?: unknown }
  // Large contents go to files, beside the database and its guard.
  if (code === 'ENOSPC' || code === 'EDQUOT') return new ApiError('diskFull', 'Nothing was stored.', { cause: error })
  if (code === '22021' || code === '22P05') return new ApiError('invalidInput', 'A value holds a NUL character, which no text here can.')
  return fromFastify(error as Partial<FastifyError>)
}

function fromFastify(error: Partial<FastifyError>): ApiError {
  if (error.code === 'ECONNRESET') return new ApiError('malformedBody', 'The connection ended before the body did.')
  if (error.validation) return new ApiError('invalidInput', 'The request does not have the expected shape.', { errors: findings(error) })
  if (error.code === 'FST_ERR_BAD_URL') return new ApiError('malformedUrl', 'The path holds a percent-encoding that is no UTF-8.')
  if (error.code === 'FST_ERR_MAX_PARAM_LENGTH') return new ApiError('uriTooLong', 'A part of the path is too long.')
  if (error.statusCode === 415) return new ApiError('unsupportedMediaType', 'Send application/json.')
  if (error.statusCode === 413) return new ApiError('bodyTooLarge', 'The body is larger than this address takes.')
  const harmless = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
  if (harmless) return new ApiError('malformedRequest', 'The request cannot be read.', { cause: error })
  return new ApiError('internal', 'The request was not carried out.', { cause: error })
}

const anInstant = 'must be an instant such as 2026-11-26T18:00:00Z (RFC 3339)'

function findings(error: Partial<FastifyError>): InputFinding[] {
  const all = error.validation!.slice(0, maxInputFindings)
  const telling = all.filter((each) => !isSaidBetter(each, all))
  return telling.flatMap(({ keyword, instancePath, message, params }) => {
    if (keyword === 'additionalProperties') return named(instancePath, params.additionalProperties, 'is not known here')
    if (keyword === 'required') return named(instancePath, params.requiredProperties, 'is missing')
    if (keyword === 'enum') return [{ pointer: instancePath, detail: `must be one of ${[params.allowedValues].flat().join(', ')}` }]
    if (keyword === 'format' && params.format === 'date-time') return [{ pointer: instancePath, detail: anInstant }]
    return [{ pointer: instancePath, detail: message ?? 'is not allowed' }]
  })
}

type Violation = NonNullable<FastifyError['validation']>[number]

/** An unknown property comes once more as `boolean`, and where one value or a list, or nothing, may stand, each branch complains. */
function isSaidBetter(violation: Violation, all: readonly Violation[]): boolean {
  const { keyword, instancePath } = violation
  if (keyword === 'boolean' || keyword === 'anyOf') return true
  if (isOfNull(violation)) return all.some((other) => !isOfNull(other) && `${other.instancePath}/`.startsWith(`${instancePath}/`))
  if (keyword === 'type') return all.some((other) => other.keyword === 'enum' && other.instancePath === instancePath)
  return keyword === 'enum' && all.some((other) => other.instancePath.startsWith(`${instancePath}/`))
}

function isOfNull({ keyword, params }: Violation): boolean {
  return keyword === 'type' && params.type === 'null'
}

function named(parent: string, names: unknown, detail: string): InputFinding[] {
  const escapeName = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')
  return (Array.isArray(names) ? names.map(String) : []).map((name) => ({ pointer: `${parent}/${escapeName(name)}`, detail }))
}
