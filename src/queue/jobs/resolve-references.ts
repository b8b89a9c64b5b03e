import { queueRetryLimit, resolveExpireSeconds } from '../../model/queue-limits.ts'
import type { JobKind } from '../job-kind.ts'

/** The one that waits is found, and kept from starting before its sender has committed, by this key. */
export const resolveKey = 'all'

/** A pass over the targets that have changed. */
export const resolveReferences: JobKind<null> = {
  name: 'resolve-references',
  policy: 'stately',
  retryLimit: queueRetryLimit,
  expireSeconds: resolveExpireSeconds,
  concurrentBatches: 1,
  read: () => null,
  run: (_jobs, claim, signal, useCases) => useCases.resolveReferences(claim, signal),
}
