import type { LogSync } from './log-sync.ts'
import type { FromEngine } from './protocol.ts'

export type Answer = Extract<FromEngine, { readonly kind: 'done' | 'failed' }>

/**
 * Keeps the answers of the database back, errors and notifications as well, until all is durable that they may tell of, and gives them in
 * the order in which they come. In the main thread: that of the database is busy with the next statement when a sync ends.
 */
export class DurableAnswers {
  readonly #log: LogSync
  readonly #give: (answer: Answer) => void
  readonly #waiting: Answer[] = []

  constructor(log: LogSync, give: (answer: Answer) => void) {
    this.#log = log
    this.#give = give
  }

  take(answer: Answer): void {
    this.#waiting.push(answer)
    if (this.#waiting.length === 1) void this.#giveAll()
  }

  async #giveAll(): Promise<void> {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      if (!this.#log.hasEnded(next.sync)) await this.#log.end(next.sync)
      this.#give(next)
      this.#waiting.shift()
    }
  }
}
