import type { EventPosition, RecordedEvent } from '../../../model/event.ts'
import { slowStreamMs, streamBufferBytes, streamHeartbeatMs, streamRetryMs } from '../../../model/event-limits.ts'
import { EventPositionLostError } from '../../../processing/event-log.ts'
import type { FollowEvents, FollowOrder } from '../../../processing/follow-events.ts'
import { presentEvent, presentPosition } from '../../present/event.ts'
import { withBeats } from './with-beats.ts'

/** What is streamed to whom. */
export interface StreamOptions {
  readonly follow: FollowEvents
  /** `null`: what the reader had last is unknown. */
  readonly after: EventPosition | null
  readonly order: Omit<FollowOrder, 'after'>
  readonly signal: AbortSignal
  /** Asked at each heartbeat. */
  isAllowed(): Promise<boolean>
  bounds(): Promise<{ readonly oldest: EventPosition; readonly newest: EventPosition }>
  /** The reader has taken nothing for `slowStreamMs`. */
  onSlow(): void
  readonly heartbeatMs?: number
  readonly slowMs?: number
}

/**
 * The text of an event stream (WHATWG HTML, section 9.2). It begins with the hint when to come again. It is made only as it is taken: no
 * more than some `streamBufferBytes` wait for a slow reader. It ends when `signal` fires, or when the reader may no longer read. Only
 * events of the log, and the position of a reset, have an `id`.
 */
export async function* streamFrames({ follow, order, signal, ...options }: StreamOptions): AsyncGenerator<string, void, void> {
  const { heartbeatMs = streamHeartbeatMs, slowMs = slowStreamMs } = options
  // Not all at once, after a restart.
  yield* taken(`retry: ${Math.round(streamRetryMs * (1 + Math.random()))}\n\n`)
  let after = options.after
  while (!signal.aborted) {
    try {
      if (after === null) throw new EventPositionLostError(...boundsOf(await options.bounds()))
      for await (const run of withBeats(follow, { ...order, after }, { beatMs: heartbeatMs, signal })) {
        if (run === null) {
          if (!(await options.isAllowed())) return
          yield* taken(':\n\n')
        } else for (const portion of portionsOf(run.events)) yield* taken(portion)
      }
      return
    } catch (error) {
      if (!(error instanceof EventPositionLostError)) throw error
      after = error.newest
      yield* taken(frameOfReset(error))
    }
  }

  function* taken(text: string): Generator<string, void, void> {
    const slow = setTimeout(options.onSlow, slowMs)
    try {
      yield text
    } finally {
      clearTimeout(slow)
    }
  }
}

function boundsOf({ oldest, newest }: { readonly oldest: EventPosition; readonly newest: EventPosition }): [EventPosition, EventPosition] {
  return [oldest, newest]
}

/** The frames of a run, as many together as a reader takes at a time. */
function* portionsOf(events: readonly RecordedEvent[]): Generator<string> {
  let portion = ''
  for (const event of events) {
    portion += frameOf(event)
    if (portion.length < streamBufferBytes) continue
    yield portion
    portion = ''
  }
  if (portion !== '') yield portion
}

/** Made once for all streams. */
const frames = new WeakMap<RecordedEvent, string>()

function frameOf(event: RecordedEvent): string {
  const known = frames.get(event)
  if (known !== undefined) return known
  const frame = `id: ${presentPosition(event.position)}\ndata: ${JSON.stringify(presentEvent(event))}\n\n`
  frames.set(event, frame)
  return frame
}

/** Events are missing: whoever keeps a copy looks at the present state, and goes on from here. */
function frameOfReset({ oldest, newest }: EventPositionLostError): string {
  const position = presentPosition(newest)
  return `event: reset\nid: ${position}\ndata: ${JSON.stringify({ position, oldest: presentPosition(oldest) })}\n\n`
}
