import type { JobKind } from '../job-kind.ts'

/** Sent by every process, once per `sweepIntervalMs` in all of them together. Not tried again: the next one is never far. */
export const sweep: JobKind<null> = {
  name: 'sweep',
  policy: 'stately',
  retryLimit: 0,
  concurrentBatches: 1,
  read: () => null,
  run: (_jobs, _claim, signal, useCases) => useCases.sweep(signal),
}
