import { ApiError } from '../../../contract/errors.ts'
import type { RunStatus } from '../../../model/run-status.ts'
import type { RunChange, RunStart } from '../../../processing/run-ports.ts'

/** The address of a run in the family of the route that answers. */
export type RunAddress = (id: string) => string

/** The id of the run that a start gave, or the error that it means. */
export function startedRun(start: RunStart, addressOf: RunAddress): string {
  switch (start.outcome) {
    case 'started':
    case 'known':
      return start.id
    case 'overlaps':
      throw overlapError(start.id, addressOf)
    case 'nothing-there':
      throw nothingThere()
    case 'key-reused':
      throw new ApiError('idempotencyKeyReused', 'The key belongs to a run with another path, other exclusions or another filter.')
  }
}

/** Throws the error that a change of a run means, if it was not done. */
export function requireChanged(change: RunChange, verb: 'cancelled' | 'resumed', addressOf: RunAddress): void {
  switch (change.outcome) {
    case 'done':
      return
    case 'not-found':
      throw runNotFound()
    case 'overlaps':
      throw overlapError(change.id, addressOf)
    case 'refused':
      throw refusal(change.status, verb)
  }
}

/** Nothing is at the path of an order. */
export function nothingThere(): ApiError {
  return new ApiError('pathNotFound', 'Neither an asset nor a folder is at the path, so there is nothing to process.')
}

/** No run has that id. */
export function runNotFound(): ApiError {
  return new ApiError('runNotFound', 'No processing run has this id.')
}

/** The run's status does not allow what was asked for. */
export function refusal(status: RunStatus, verb: 'cancelled' | 'resumed' | 'started anew'): ApiError {
  return new ApiError('runRefuses', `The run is ${status} and cannot be ${verb}.`)
}

function overlapError(id: string, addressOf: RunAddress): ApiError {
  return new ApiError('runOverlaps', `The run ${id} processes some of these assets.`, { headers: { location: addressOf(id) } })
}
