/** Lets at most `width` calls run at the same time; the others wait in line, at most `maxWaiting` of them. */
export class Gate {
  readonly #width: number
  readonly #maxWaiting: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(width: number, maxWaiting: number) {
    this.#width = width
    this.#maxWaiting = maxWaiting
  }

  /** Whether another call would be refused. */
  get isFull(): boolean {
    return this.#waiting.length >= this.#maxWaiting
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running < this.#width) this.#running++
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      // The turn is handed over, not given back, so that nobody can jump the line.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }
}
