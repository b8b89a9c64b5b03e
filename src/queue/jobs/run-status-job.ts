import { queueConcurrentBatches, queueDeadRetryLimit, queueRetryLimit } from '../../model/queue-limits.ts'
import type { JobKind } from '../job-kind.ts'
import { sayTries } from '../say-tries.ts'

/** The id of a status job. */
export interface StatusJobPayload {
  readonly statusJob: string
}

/** Collects the list of a status job. */
export const runStatusJob: JobKind<string> = {
  name: 'run-status-job',
  retryLimit: queueRetryLimit,
  deadLetter: 'run-status-job.dead',
  concurrentBatches: queueConcurrentBatches,
  read: readId,
  async run(jobs, claim, signal, useCases) {
    for (const { payload } of jobs) await useCases.runStatusJob(payload, claim, signal)
  },
}

/** Whatever made the job fail, the status job ends here. */
export const giveUpStatusJob: JobKind<string> = {
  name: 'run-status-job.dead',
  retryLimit: queueDeadRetryLimit,
  concurrentBatches: 1,
  read: readId,
  async run(jobs, _claim, _signal, useCases) {
    for (const { payload, tries } of jobs) await useCases.giveUpStatusJob(payload, sayTries(tries))
  },
}

function readId(data: unknown): string {
  const id = typeof data === 'object' && data !== null && 'statusJob' in data ? data.statusJob : null
  if (typeof id !== 'string') throw new TypeError('The payload of a status job must be {"statusJob": id}.')
  return id
}
