import { setTimeout as pause } from 'node:timers/promises'
import type { EventRun, FollowEvents, FollowOrder } from '../../../processing/follow-events.ts'

/**
 * The runs of events that are followed, and `null` at each beat, also where runs come all the time: none of them may be wanted by the reader.
 * Whoever stops reading stops the following with it.
 */
export async function* withBeats(
  follow: FollowEvents,
  order: FollowOrder,
  { beatMs, signal }: { readonly beatMs: number; readonly signal: AbortSignal },
): AsyncGenerator<EventRun | null, void, void> {
  const leaving = new AbortController()
  const runs = follow(order, AbortSignal.any([signal, leaving.signal]))
  try {
    let next = runs.next()
    for (let beatAt = performance.now() + beatMs; ; ) {
      const beat = new AbortController()
      const restMs = Math.max(beatAt - performance.now(), 0)
      const run = await Promise.race([next, pause(restMs, null, { signal: beat.signal })]).finally(() => beat.abort())
      if (run?.done) return
      if (performance.now() >= beatAt) {
        yield null
        beatAt = performance.now() + beatMs
      }
      if (run === null) continue
      yield run.value
      next = runs.next()
    }
  } finally {
    // Otherwise what is asked for already would be waited for, which may be long.
    leaving.abort()
    await runs.return()
  }
}
