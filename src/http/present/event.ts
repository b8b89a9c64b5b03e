import { type Event, wireTypePrefix } from '../../contract/native/event.ts'
import type { EventPosition, RecordedEvent } from '../../model/event.ts'

/** Digits of a position as text, so that texts compare as positions do: those of 2^53. */
const positionDigits = 16

/** An event as every channel shows it: the feed, the stream, and the `data` of webhooks. */
export function presentEvent(event: RecordedEvent): Event {
  const { type, at, actor, path, source, revision, status } = event
  const { problems, ...detail } = event.detail ?? {}
  return {
    id: presentPosition(event.position),
    type: `${wireTypePrefix}${type}`,
    time: at.toISOString(),
    actor,
    ...(path !== null && { path }),
    ...(source !== null && (type.endsWith('.moved') ? { formerPath: source } : { copiedFrom: source })),
    ...subjectOf(event),
    ...(revision !== null && { revision }),
    ...(status !== null && { status }),
    ...(problems && { problems: [...problems] }),
    ...(Object.keys(detail).length > 0 && { detail }),
  }
}

/** A position as it is shown: what `id`, cursors and `Last-Event-ID` hold. */
export function presentPosition(position: EventPosition): string {
  return String(position).padStart(positionDigits, '0')
}

/** The position that a text shows; `null` if it shows none. */
export function parsePosition(text: string): EventPosition | null {
  const position = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(position) ? position : null
}

const subjectNames = { asset: 'uuid', run: 'runId', 'status-job': 'jobId', webhook: 'webhookId', token: 'tokenId' } as const

function subjectOf({ type, subject }: RecordedEvent): Partial<Event> {
  const kind = type.slice(0, type.indexOf('.')) as keyof typeof subjectNames
  return subject !== null && kind in subjectNames ? { [subjectNames[kind]]: subject } : {}
}
