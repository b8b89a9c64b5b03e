/**
 * Everything that is recorded when it happens, with the number under which it is stored: a number is never changed and never used again.
 * On the wire a type has the prefix `assay.`.
 */
export const eventTypes = {
  'asset.received': 1,
  'asset.moved': 2,
  'asset.deleted': 3,
  /** Post-processing of a revision has ended; the event says whether with SUCCESS or FAILURE. */
  'asset.processed': 4,
  'asset.described': 5,
  'folder.created': 10,
  'folder.moved': 11,
  'folder.deleted': 12,
  'folder.described': 13,
  /** It is ordered; it begins as soon as a worker takes it up. */
  'run.started': 20,
  'run.finished': 21,
  'run.cancelled': 22,
  'run.resumed': 23,
  'status-job.started': 30,
  'status-job.finished': 31,
  'webhook.created': 40,
  'webhook.changed': 41,
  'webhook.deleted': 42,
  'webhook.disabled': 43,
  'webhook.redelivered': 44,
  'rules.changed': 50,
  'token.created': 60,
  'token.revoked': 61,
} as const

/** What can happen: of an asset, a folder, a processing run and so on. */
export type EventType = keyof typeof eventTypes

const typesByNumber = new Map(Object.entries(eventTypes).map(([type, number]) => [number as number, type as EventType]))

/** The type stored under that number; `null` for one of a newer program. */
export function eventTypeOf(number: number): EventType | null {
  return typesByNumber.get(number) ?? null
}

/** Everything that can happen. */
export const allEventTypes: readonly EventType[] = [...typesByNumber.values()]

/** What is told of those who administer the server, and to nobody else. */
const forAdministrators: ReadonlySet<EventType> = new Set(['rules.changed', 'token.created', 'token.revoked'])

/** The types that everybody may see who may read the repository: those of the feed, the stream and the webhooks. */
export const publicEventTypes: readonly EventType[] = allEventTypes.filter((type) => !forAdministrators.has(type))

/** Who did what the product does by itself. */
export const systemActor = 'system'
