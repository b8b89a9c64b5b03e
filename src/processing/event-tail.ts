import { setTimeout as pause } from 'node:timers/promises'
import type { EventPosition, RecordedEvent } from '../model/event.ts'
import { eventHeldBackMs, eventLookAgainMs, eventReadGapMs, eventsPerRead, eventsPerRun, maxTailEvents } from '../model/event-limits.ts'
import { findFirst } from '../model/find-first.ts'
import type { EventLog } from './event-log.ts'

/**
 * The newest events in memory, read once for all who follow the log in this process, and only while somebody does. It reads when somebody has
 * written, and now and then by itself: a notification may be lost, and of a writer who held the reader up and was rolled back there is none.
 */
export class EventTail implements AsyncDisposable {
  readonly #log: EventLog
  /** Everything after `#start` up to `#end`. */
  #events: RecordedEvent[] = []
  #start: EventPosition = 0
  #end: EventPosition = -1
  #followers = 0
  /** Grows with each change of what is in memory. */
  #version = 0
  readonly #waiting = new Set<() => void>()
  #wake = new AbortController()
  #reading: Promise<void> = Promise.resolve()
  readonly #closing = new AbortController()

  constructor(log: EventLog) {
    this.#log = log
  }

  /** Keeps the tail reading until the returned function is called. */
  join(): () => void {
    if (++this.#followers === 1) this.#reading = this.#reading.then(() => this.#read())
    return () => {
      if (--this.#followers === 0) this.#wake.abort()
    }
  }

  /** The next events after a position, of all kinds, at most `eventsPerRun`; `null` where they are not (or not all) in memory. */
  after(position: EventPosition): { readonly events: readonly RecordedEvent[]; readonly position: EventPosition } | null {
    if (position < this.#start || position > this.#end) return null
    const first = findFirst(this.#events, (event) => event.position > position)
    const events = this.#events.slice(first, first + eventsPerRun)
    const isRest = first + events.length === this.#events.length
    return { events, position: isRest ? this.#end : events.at(-1)!.position }
  }

  /** What `changedSince` is asked with. */
  get version(): number {
    return this.#version
  }

  /**
   * Resolves when there is more than at that version, when nothing is sure any more, or when `signal` fires. Who is gone leaves nothing here: a
   * promise for all would remember each of them until something happens, 350 bytes for every question that was held in a quiet night.
   */
  changedSince(version: number, signal: AbortSignal): Promise<void> {
    if (version !== this.#version || signal.aborted) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    const end = () => {
      this.#waiting.delete(end)
      signal.removeEventListener('abort', end)
      resolve()
    }
    this.#waiting.add(end)
    signal.addEventListener('abort', end)
    return promise
  }

  /** Ends the reading. Whoever still follows must have been told to stop before. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    this.#wake.abort()
    this.#tell()
    await this.#reading
  }

  async #read(): Promise<void> {
    const stopWatching = this.#log.watch(() => this.#wake.abort())
    this.#forget()
    while (this.#followers > 0 && !this.#closing.signal.aborted) {
      this.#wake = new AbortController()
      const restMs = await this.#readOnce().catch(() => {
        // Whoever follows asks the log by itself now, and tells its reader what is the matter.
        this.#forget()
        return eventLookAgainMs
      })
      if (restMs > 0) await pause(restMs, undefined, { signal: this.#wake.signal }).catch(Boolean)
      // What many small transactions write is read together.
      if (restMs > 0) await pause(eventReadGapMs)
    }
    stopWatching()
    this.#forget()
  }

  /** Gives the time to rest, if nobody writes meanwhile. */
  async #readOnce(): Promise<number> {
    if (this.#end < 0) {
      const { newest } = await this.#log.bounds()
      this.#start = newest
      this.#end = newest
      this.#tell()
    }
    const page = await this.#log.read({ after: this.#end, limit: eventsPerRead })
    if (page.position > this.#end) {
      this.#events.push(...page.events)
      this.#end = page.position
      this.#cut()
      this.#tell()
    }
    if (!page.isLast) return 0
    return page.isHeldBack ? eventHeldBackMs : eventLookAgainMs
  }

  #cut(): void {
    const surplus = this.#events.length - maxTailEvents
    if (surplus <= 0) return
    this.#start = this.#events[surplus - 1]!.position
    this.#events = this.#events.slice(surplus)
  }

  #forget(): void {
    this.#events = []
    this.#start = 0
    this.#end = -1
    this.#tell()
  }

  #tell(): void {
    this.#version++
    for (const end of this.#waiting) end()
  }
}
