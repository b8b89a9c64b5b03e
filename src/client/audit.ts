import type { Event } from '../contract/native/event.ts'
import { maxPageItems } from '../model/http-limits.ts'
import { readJsonObject } from './json-answer.ts'
import type { Send } from './transport.ts'

/** Which changes are wanted, and in which order. */
export interface AuditOptions {
  /** `admin`, `token:<id>`; absent: everybody. */
  readonly actors?: readonly string[]
  /** Such as `assay.asset.deleted`; absent: all. */
  readonly types?: readonly string[]
  /** Folders and assets; absent: everywhere. */
  readonly paths?: readonly string[]
  /** RFC 3339. */
  readonly since?: string
  /** RFC 3339; not included. */
  readonly until?: string
  /** `newest` first unless told otherwise. */
  readonly order?: 'newest' | 'oldest'
  readonly signal?: AbortSignal
}

/** Who changed what when: `GET /api/v1/audit`, page by page as it is iterated. Needs a credential of an administrator. */
export async function* audit(
  send: Send,
  { actors = [], types = [], paths = [], since, until, order, signal }: AuditOptions = {},
): AsyncGenerator<Event, void> {
  const given = { since, until, order, limit: String(maxPageItems) }
  const query = [
    ...actors.map((actor) => ['actor', actor]),
    ...types.map((type) => ['type', type]),
    ...paths.map((path) => ['path', path]),
    ...Object.entries(given).filter(([, value]) => value !== undefined),
  ] as [string, string][]
  for (let cursor: unknown = ''; typeof cursor === 'string'; ) {
    const target = `/api/v1/audit?${new URLSearchParams([...query, ...(cursor ? [['cursor', cursor] as [string, string]] : [])])}`
    const page = await send({ method: 'GET', target, repeatable: true, signal }, readJsonObject)
    yield* (page.items ?? []) as Event[]
    cursor = page.nextCursor
  }
}
