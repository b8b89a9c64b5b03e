/** Milliseconds that this process has been running, as far as it could do its work in them. */
export interface RunningTime {
  now(): number
  /** To be called every `tickMs`. Gives the same. */
  tick(): number
}

/**
 * Time in which the process stood still, because it was stopped, its machine was asleep, or others had the cores, counts as two ticks at
 * most. Timers come before the bytes that have waited meanwhile: by the clock on the wall everybody else would be taken for slow.
 */
export function createRunningTime(tickMs: number): RunningTime {
  let past = 0
  let at = performance.now()
  const now = () => past + Math.min(performance.now() - at, 2 * tickMs)
  return {
    now,
    tick() {
      past = now()
      at = performance.now()
      return past
    },
  }
}
