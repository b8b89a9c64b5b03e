/** Runs `work` for each item, `atOnce` at a time. Stops at the first rejection and passes it on. */
export async function inParallel<T>(items: Iterable<T>, atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = items[Symbol.iterator]()
  let stopped = false
  async function worker(): Promise<void> {
    for (let next = left.next(); !next.done && !stopped; next = left.next()) {
      await work(next.value).catch((error: unknown) => {
        stopped = true
        throw error
      })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
