import type { EventFilter, EventPosition, RecordedEvent } from '../../model/event.ts'
import { webhookReplayPageEvents } from '../../model/webhook-limits.ts'
import type { EventLog } from '../event-log.ts'
import type { WebhookMessage } from './ports.ts'

/** What asking for deliveries needs. */
export interface UntriedParts {
  readonly log: Pick<EventLog, 'read'>
  createMessage(event: RecordedEvent): WebhookMessage | null
  /** Asks for those that have no delivery yet; gives how many. */
  add(messages: readonly WebhookMessage[]): Promise<number>
}

/** A part of the log: after the one position, up to and with the other. */
export interface UntriedRange {
  readonly filter: EventFilter
  readonly after: EventPosition
  readonly upTo: EventPosition
}

/**
 * Asks for a delivery of every event in a part of the log that a webhook wants and was never tried with: what happened before it was added or
 * while it was switched off. Gives how many, and whether it ended at `most` of them.
 */
export async function askForUntried(
  parts: UntriedParts,
  { filter, after, upTo }: UntriedRange,
  most: number,
): Promise<{ asked: number; more: boolean }> {
  let asked = 0
  while (after < upTo) {
    if (asked >= most) return { asked, more: true }
    const page = await parts.log.read({ ...filter, after, limit: Math.min(webhookReplayPageEvents, most - asked) })
    const messages = page.events.filter(({ position }) => position <= upTo).flatMap((event) => parts.createMessage(event) ?? [])
    asked += await parts.add(messages)
    if (page.isLast) break
    after = page.position
  }
  return { asked, more: false }
}
