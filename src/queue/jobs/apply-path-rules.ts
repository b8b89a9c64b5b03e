import { queueRetryLimit, resolveExpireSeconds } from '../../model/queue-limits.ts'
import type { JobKind } from '../job-kind.ts'

/** The one that waits is kept from starting before its sender has committed, as that of `resolve-references`. */
export const rulesKey = 'all'

/** Decides all assets by path rules that were changed. */
export const applyPathRules: JobKind<null> = {
  name: 'apply-path-rules',
  policy: 'stately',
  retryLimit: queueRetryLimit,
  expireSeconds: resolveExpireSeconds,
  concurrentBatches: 1,
  read: () => null,
  run: (_jobs, _claim, signal, useCases) => useCases.applyPathRules(signal),
}
