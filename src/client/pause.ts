import { clientRetryAfterMaxMs } from '../model/limits.ts'

/** Waits. Rejects with the signal's reason when it is aborted. */
export function pause(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, delayMs)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/** The wait that `Retry-After` asks for, in milliseconds: seconds or a date (RFC 9110, 10.2.3). `null`: absent or not understood. */
export function retryAfterMs(headers: Headers, nowMs: number = Date.now()): number | null {
  const value = headers.get('retry-after')?.trim() ?? ''
  const wanted = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs
  return Number.isNaN(wanted) ? null : Math.min(Math.max(wanted, 0), clientRetryAfterMaxMs)
}
