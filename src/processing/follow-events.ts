import { type EventFilter, type EventPosition, isEventWanted, type RecordedEvent } from '../model/event.ts'
import { eventsPerRun } from '../model/event-limits.ts'
import type { EventLog } from './event-log.ts'
import { EventTail } from './event-tail.ts'

/** Events that follow one another, and where to go on after them. */
export interface EventRun {
  readonly events: readonly RecordedEvent[]
  readonly position: EventPosition
}

/** What is to be followed. */
export interface FollowOrder extends EventFilter {
  readonly after: EventPosition
}

/**
 * All wanted events after a position, those that are there and then those to come, until `signal` fires: every one once, in the order of the log.
 * Nothing is read ahead for who does not ask for more: who is slow reads again later. A run may be empty, when much was looked at and nothing of it
 * was wanted. Rejects with `EventPositionLostError`, and when the log cannot be read.
 */
export type FollowEvents = (order: FollowOrder, signal: AbortSignal) => AsyncGenerator<EventRun, void, void>

/** Following the log, with one reader for all who have come to its end. */
export function createFollowEvents(log: EventLog): { readonly follow: FollowEvents } & AsyncDisposable {
  const tail = new EventTail(log)
  async function* follow({ after, ...filter }: FollowOrder, signal: AbortSignal): AsyncGenerator<EventRun, void, void> {
    const leave = tail.join()
    let position = after
    try {
      while (!signal.aborted) {
        const { version } = tail
        const recent = tail.after(position)
        if (recent === null) {
          const page = await log.read({ ...filter, after: position, limit: eventsPerRun })
          const isNew = page.position > position
          position = page.position
          if (isNew) yield { events: page.events, position }
          // At the end of the log; the tail is there in a moment, or will be when the log can be read again.
          else if (page.isLast && tail.after(position) === null) await tail.changedSince(version, signal)
        } else if (recent.position > position) {
          position = recent.position
          yield { events: recent.events.filter((event) => isEventWanted(event, filter)), position }
        } else await tail.changedSince(version, signal)
      }
    } finally {
      leave()
    }
  }
  return { follow, [Symbol.asyncDispose]: () => tail[Symbol.asyncDispose]() }
}
