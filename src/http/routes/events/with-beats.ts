import type { EventRun, FollowEvents, FollowOrder } from '../../../processing/follow-events.ts'

/**
 * The runs of events that are followed, and `null` at each beat, also where runs come all the time: none of them may be wanted by the reader.
 * Whoever stops reading stops the following with it.
 *
 * A race with the next run at each beat would cost 320 bytes a beat until something happens: half a gigabyte in a quiet weekend of 100 streams.
 */
export async function* withBeats(
  follow: FollowEvents,
  order: FollowOrder,
  { beatMs, signal }: { readonly beatMs: number; readonly signal: AbortSignal },
): AsyncGenerator<EventRun | null, void, void> {
  const leaving = new AbortController()
  const runs = follow(order, AbortSignal.any([signal, leaving.signal]))
  try {
    let next = askNext(runs)
    for (let beatAt = performance.now() + beatMs; ; ) {
      await next.settledWithin(Math.max(beatAt - performance.now(), 0))
      const run = next.isSettled() ? await next.run : null
      if (run?.done) return
      if (performance.now() >= beatAt) {
        yield null
        beatAt = performance.now() + beatMs
      }
      if (run === null) continue
      yield run.value
      next = askNext(runs)
    }
  } finally {
    // Otherwise what is asked for already would be waited for, which may be long.
    leaving.abort()
    await runs.return()
  }
}

/** The next run, which can be waited for again and again. */
function askNext(runs: AsyncGenerator<EventRun, void, void>) {
  const run = runs.next()
  let isSettled = false
  let wake = () => {}
  const settle = () => {
    isSettled = true
    wake()
  }
  run.then(settle, settle)
  return {
    run,
    isSettled: () => isSettled,
    async settledWithin(restMs: number): Promise<void> {
      if (isSettled) return
      const { promise, resolve } = Promise.withResolvers<void>()
      wake = resolve
      const timer = setTimeout(resolve, restMs)
      await promise
      clearTimeout(timer)
    },
  }
}
