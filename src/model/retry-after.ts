/** The wait that a `Retry-After` header asks for, in milliseconds: seconds or a date (RFC 9110, 10.2.3). `null`: absent or not understood. */
export function parseRetryAfter(header: string | null | undefined, nowMs: number = Date.now()): number | null {
  const value = header?.trim() ?? ''
  const askedMs = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs
  return Number.isNaN(askedMs) ? null : Math.max(askedMs, 0)
}
