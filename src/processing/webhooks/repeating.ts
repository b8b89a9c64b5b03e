/** Work that is done again and again, never twice at the same time. */
export interface Repeating {
  /** Does it now, or as soon as its rest is over. */
  poke(): void
  /** Begins no more, and resolves when what runs has ended. */
  stop(): Promise<void>
}

/** How often something is repeated. */
export interface Repetition {
  /** Without a poke it is done after this time. */
  readonly everyMs: number
  /** The rest after it, by how long it took: no poke is heeded earlier. */
  restMs(tookMs: number): number
  /** The work has thrown; it will be done again. */
  onError(error: unknown): void
}

/** Does `work` now, whenever it is poked, and from time to time. */
export function startRepeating(work: () => Promise<void>, { everyMs, restMs, onError }: Repetition): Repeating {
  let isPoked = true
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | null = null
  let restedAt = 0

  async function once(): Promise<void> {
    isPoked = false
    const startedAt = performance.now()
    await work().catch(onError)
    const endedAt = performance.now()
    restedAt = endedAt + restMs(endedAt - startedAt)
    running = null
    plan()
  }
  function plan(): void {
    if (isStopped || running) return
    clearTimeout(timer)
    timer = setTimeout(begin, Math.max(restedAt - performance.now(), isPoked ? 0 : everyMs, 0))
  }
  function begin(): void {
    if (!isStopped) running ??= once()
  }
  plan()

  return {
    poke() {
      if (isPoked) return
      isPoked = true
      plan()
    },
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await running
    },
  }
}
