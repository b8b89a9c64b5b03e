import { queueDeadRetryLimit, queueRetryLimit } from '../../model/queue-limits.ts'
import type { JobKind } from '../job-kind.ts'
import { sayTries } from '../say-tries.ts'

/** The id of a processing run. */
export interface RunPayload {
  readonly run: string
}

/** One run at a time in each process; several take turns. A run has at most one job, however often it is sent. */
export const takeRunTurn: JobKind<string> = {
  name: 'take-run-turn',
  policy: 'exclusive',
  retryLimit: queueRetryLimit,
  deadLetter: 'take-run-turn.dead',
  concurrentBatches: 1,
  read: readId,
  async run(jobs, claim, signal, useCases) {
    for (const { payload } of jobs) await useCases.takeRunTurn(payload, claim, signal)
  },
}

/** Whatever made the job fail, the run ends here. */
export const giveUpRun: JobKind<string> = {
  name: 'take-run-turn.dead',
  retryLimit: queueDeadRetryLimit,
  concurrentBatches: 1,
  read: readId,
  async run(jobs, _claim, _signal, useCases) {
    for (const { payload, tries } of jobs) await useCases.giveUpRun(payload, sayTries(tries))
  },
}

function readId(data: unknown): string {
  const id = typeof data === 'object' && data !== null && 'run' in data ? data.run : null
  if (typeof id !== 'string') throw new TypeError('The payload of a run must be {"run": id}.')
  return id
}
