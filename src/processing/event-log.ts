import type { EventFilter, EventPosition, RecordedEvent } from '../model/event.ts'

/** What is asked of the log. */
export interface EventQuery extends EventFilter {
  readonly after: EventPosition
  readonly limit: number
}

/** A part of the log, in its order. */
export interface EventPage {
  readonly events: readonly RecordedEvent[]
  /** Go on after this one: the last event looked at, wanted or not. */
  readonly position: EventPosition
  /** Nothing more can be read now. Otherwise ask again at once, also when no event was wanted. */
  readonly isLast: boolean
  /**
   * There may be more as soon as a transaction that is under way has ended, and nobody says so when it is rolled back: ask again in a moment.
   */
  readonly isHeldBack: boolean
}

/** The position asked for is not in the log: what came after it was removed, or it is of another database. Nothing can be read from there without a gap. */
export class EventPositionLostError extends Error {
  override readonly name = 'EventPositionLostError'
  /** The first position from which everything is there. */
  readonly oldest: EventPosition
  /** The end of the log: where to go on for who looks at the present state first. */
  readonly newest: EventPosition
  constructor(oldest: EventPosition, newest: EventPosition) {
    super('Events after this position are not kept any more.')
    this.oldest = oldest
    this.newest = newest
  }
}

/** A session of the database whose transaction has written events and is not over. */
export interface EventHolder {
  /** Of the session, for `pg_terminate_backend`. */
  readonly pid: number
  readonly application: string
  /** Such as `active`, `idle in transaction`. */
  readonly state: string
  /** Since its transaction began. */
  readonly ageMs: number
}

/** The log of everything that happened. Whoever writes to it does so in the transaction that makes the thing happen. */
export interface EventLog {
  /**
   * The next events after a position: in an order that never changes, only those before which nothing can appear any more. Whoever goes on after
   * `position` again and again misses none and gets none twice. Rejects with {@link EventPositionLostError}.
   */
  read(query: EventQuery): Promise<EventPage>
  /** Where the log begins and ends now: everything after `oldest` is there, up to and with `newest`. */
  bounds(): Promise<{ readonly oldest: EventPosition; readonly newest: EventPosition }>
  /** Calls `onWritten` whenever events may have been written by any process, until the returned function is called. */
  watch(onWritten: () => void): () => void
  /** Whose transaction holds up the readers, if it has been under way for longer than `ageMs`. */
  holder(ageMs: number): Promise<EventHolder | null>
  /** Cuts off what is older than `ageMs`, at most `limit` events; the audit still has what callers have done. Returns how many. */
  prune(ageMs: number, limit: number): Promise<number>
  /** Takes from the audit what is older than `ageMs`, at most `limit` changes. Returns how many. */
  pruneChanges(ageMs: number, limit: number): Promise<number>
}
