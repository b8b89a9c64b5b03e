/**
 * The status of a processing run, and its whole life as one total table. It speaks of the run, not of the assets: a run that found failing
 * assets is a SUCCESS.
 *
 * `WAITING`    waits for a worker, for the first time or after it was resumed
 * `PROCESSING` a worker takes its assets up, batch by batch
 * `SUCCESS`    every asset of it came to an end
 * `FAILURE`    the run itself could not go on
 * `CANCELLED`  somebody stopped it
 */
export const runStatuses = ['WAITING', 'PROCESSING', 'SUCCESS', 'FAILURE', 'CANCELLED'] as const
export type RunStatus = (typeof runStatuses)[number]

/**
 * What can happen to a run.
 *
 * `begun`     a worker takes it up (again, when it is its turn again, or an earlier worker died)
 * `finished`  its last asset came to an end
 * `failed`    the tries of its job are used up
 * `cancelled` somebody stops it
 * `resumed`   somebody lets it go on from its last checkpoint
 */
export const runEvents = ['begun', 'finished', 'failed', 'cancelled', 'resumed'] as const
export type RunEvent = (typeof runEvents)[number]

/** `null`: the event is refused in this status, nothing is written. A finished run is not resumed but started anew, as another run. */
export const runLifecycle: Readonly<Record<RunStatus, Readonly<Record<RunEvent, RunStatus | null>>>> = {
  WAITING: { begun: 'PROCESSING', finished: null, failed: 'FAILURE', cancelled: 'CANCELLED', resumed: null },
  PROCESSING: { begun: 'PROCESSING', finished: 'SUCCESS', failed: 'FAILURE', cancelled: 'CANCELLED', resumed: null },
  SUCCESS: { begun: null, finished: null, failed: null, cancelled: null, resumed: null },
  FAILURE: { begun: null, finished: null, failed: null, cancelled: null, resumed: 'WAITING' },
  CANCELLED: { begun: null, finished: null, failed: null, cancelled: null, resumed: 'WAITING' },
}

/** Whether `event` can happen to a run of this status. */
export function accepts(status: RunStatus, event: RunEvent): boolean {
  return runLifecycle[status][event] !== null
}

/** Indices into {@link runStatuses} of those in which `event` is accepted, for the WHERE of the statement that carries it out. */
export function runStatusesAccepting(event: RunEvent): number[] {
  return runStatuses.flatMap((status, index) => (accepts(status, event) ? [index] : []))
}
