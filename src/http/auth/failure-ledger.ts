import { authFailuresBeforeDelay, authFailureWindowMs, maxAuthDelayMs, maxAuthFailureEntries } from '../../model/limits.ts'

interface Entry {
  failures: number
  since: number
}

/**
 * Counts wrong credentials for each pair of name and address, and says how long the next try from there has to wait. Another address with
 * the right credential is never held up. Forgets the oldest pairs when there are too many.
 */
export class FailureLedger {
  readonly #entries = new Map<string, Entry>()
  readonly #now: () => number

  /** `now` in milliseconds. */
  constructor(now: () => number = performance.now.bind(performance)) {
    this.#now = now
  }

  /** Milliseconds to wait before the next try: 0 for the first few, then doubling. */
  delayMs(key: string): number {
    const entry = this.#current(key)
    if (!entry || entry.failures < authFailuresBeforeDelay) return 0
    return Math.min(maxAuthDelayMs, 125 * 2 ** (entry.failures - authFailuresBeforeDelay + 1))
  }

  recordFailure(key: string): void {
    const entry = this.#current(key) ?? { failures: 0, since: this.#now() }
    entry.failures++
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    if (this.#entries.size > maxAuthFailureEntries) this.#entries.delete(this.#entries.keys().next().value!)
  }

  recordSuccess(key: string): void {
    this.#entries.delete(key)
  }

  #current(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (!entry || this.#now() - entry.since < authFailureWindowMs) return entry
    this.#entries.delete(key)
    return undefined
  }
}
