import { UsageError } from '../failure.ts'

/** The instant that an option names, as RFC 3339. Throws a UsageError. What is not in that form is not guessed at: "5" would be a day in May. */
export function parseTime(option: string, given: string): string {
  const ms = /^\d{4}-\d\d-\d\d/.test(given) ? Date.parse(given) : Number.NaN
  if (Number.isFinite(ms)) return new Date(ms).toISOString()
  throw new UsageError(`${option} must be a time such as 2026-11-25T10:00:00Z. It is "${given}".`)
}
