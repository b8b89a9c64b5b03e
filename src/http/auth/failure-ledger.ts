import { authFailuresBeforeDelay, authFailureWindowMs, authTryIntervalMs, maxAuthFailureEntries } from '../../model/http-limits.ts'

interface Entry {
  /** Tries that were not found to be right, those under way included. */
  tries: number
  lastAt: number
  /** When the next try may be made. */
  nextAt: number
}

/**
 * Counts tries with credentials that did not prove right, for each pair of name and source, and says how long the next one has to wait: after
 * the first few, one is let through each `authTryIntervalMs`, however many are sent at once. Another source with the right credential is never
 * held up. Forgets the pairs that were quiet the longest when there are too many.
 */
export class FailureLedger {
  readonly #entries = new Map<string, Entry>()
  readonly #now: () => number

  /** `now` in milliseconds. */
  constructor(now: () => number = performance.now.bind(performance)) {
    this.#now = now
  }

  /**
   * Books a try before it is made. `mayTry`: after `waitMs`, which is 0 for the first few. Otherwise somebody waits already for the next turn,
   * nothing was booked, and `waitMs` is the time after which asking again makes sense.
   */
  book(key: string): { readonly mayTry: boolean; readonly waitMs: number } {
    const now = this.#now()
    const entry = this.#current(key, now) ?? { tries: 0, lastAt: now, nextAt: now }
    const waitMs = entry.tries < authFailuresBeforeDelay ? 0 : Math.max(0, entry.nextAt - now)
    if (waitMs > authTryIntervalMs) return { mayTry: false, waitMs }
    entry.tries++
    entry.lastAt = now
    entry.nextAt = now + waitMs + authTryIntervalMs
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    if (this.#entries.size > maxAuthFailureEntries) this.#entries.delete(this.#entries.keys().next().value!)
    return { mayTry: true, waitMs }
  }

  /** The try was right: all before it are forgotten. */
  forget(key: string): void {
    this.#entries.delete(key)
  }

  #current(key: string, now: number): Entry | undefined {
    const entry = this.#entries.get(key)
    return entry && now - entry.lastAt < authFailureWindowMs ? entry : undefined
  }
}
