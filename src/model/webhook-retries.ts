import {
  webhookRestFactor,
  webhookRestMaxMs,
  webhookRestMs,
  webhookRetryAfterMaxMs,
  webhookRetryDelaysMs,
  webhookRetryJitter,
} from './webhook-limits.ts'

/**
 * Milliseconds until a message is tried again that has failed `failures` times, or `null` when it has had all its tries. `askedMs` is what
 * the receiver asked for with Retry-After; it never makes the wait shorter. `random` is from 0 to 1.
 */
export function webhookRetryDelay(failures: number, askedMs: number | null, random: number): number | null {
  const delay = webhookRetryDelaysMs[failures]
  if (delay === undefined) return null
  const spread = delay * (1 + webhookRetryJitter * (2 * random - 1))
  return Math.max(spread, Math.min(askedMs ?? 0, webhookRetryAfterMaxMs))
}

/** Milliseconds from the end of a look for new events, which took `tookMs`, to the next one: the longer, the busier the database is. */
export function webhookLookRest(tookMs: number): number {
  return Math.min(Math.max(webhookRestMs, webhookRestFactor * tookMs), webhookRestMaxMs)
}
