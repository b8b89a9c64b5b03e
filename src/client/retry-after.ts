import { clientRetryAfterMaxMs } from '../model/client-limits.ts'
import { parseRetryAfter } from '../model/retry-after.ts'

/** The wait that an answer asks for, in milliseconds, as far as this client heeds it; `null`: it asks for none. */
export function retryAfterMs(headers: Headers, nowMs?: number): number | null {
  const askedMs = parseRetryAfter(headers.get('retry-after'), nowMs)
  return askedMs === null ? null : Math.min(askedMs, clientRetryAfterMaxMs)
}
