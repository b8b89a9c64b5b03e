interface Waiting {
  readonly id: number
  readonly start: (release: () => void) => void
}

/** First come, first served: whoever has the turn has the database to itself until it releases it. */
export class Turns {
  #taken = false
  readonly #waiting: Waiting[] = []

  /** Resolves with the function that gives the turn back. Never settles if {@link forget} comes first. */
  take(id: number): Promise<() => void> {
    return new Promise((start) => {
      this.#waiting.push({ id, start })
      this.#next()
    })
  }

  /** Withdraws a request that has not got its turn yet. Gives whether there was one. */
  forget(id: number): boolean {
    const index = this.#waiting.findIndex((waiting) => waiting.id === id)
    if (index >= 0) this.#waiting.splice(index, 1)
    return index >= 0
  }

  #next(): void {
    if (this.#taken) return
    const next = this.#waiting.shift()
    if (!next) return
    this.#taken = true
    let released = false
    next.start(() => {
      if (released) return
      released = true
      this.#taken = false
      this.#next()
    })
  }
}
