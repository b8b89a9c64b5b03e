import type { FailureCheck } from './check.ts'

/** The check that explains a failure of reading. */
export function failureCheck(about: Omit<FailureCheck, 'looksAt' | 'severity'>): FailureCheck {
  return { ...about, looksAt: 'failure', severity: 'error' }
}
