import { type Kysely, type Selectable, sql } from 'kysely'
import type { EventFilter, EventPosition, RecordedEvent } from '../../model/event.ts'
import { maxScannedEvents } from '../../model/event-limits.ts'
import { subtreeTimeoutMs } from '../../model/limits.ts'
import type { EventTable, Schema } from '../schema-types.ts'
import { findEventTime } from './find-event-time.ts'
import { isWanted, readHorizon, toEvent } from './read-events.ts'

/** Which changes are asked for; what is `undefined` does not narrow them. */
export interface AuditQuery extends EventFilter {
  readonly actors?: readonly string[] | undefined
  readonly since?: Date | undefined
  /** Not included. */
  readonly until?: Date | undefined
  readonly order: 'newest' | 'oldest'
  /** Goes on behind this one; `null`: from the beginning of that order. */
  readonly from: EventPosition | null
  readonly limit: number
}

/** A part of the audit. */
export interface AuditPage {
  readonly events: readonly RecordedEvent[]
  /** Go on behind this one; `null`: there is nothing more. */
  readonly position: EventPosition | null
}

type Row = Selectable<EventTable>

/**
 * What callers have done, in either order of the log. Looks at `maxScannedEvents` events at most, so a page may be empty although there are more. Only what no
 * writer under way can come before any more, so that pages miss nothing.
 */
export async function readAudit(db: Kysely<Schema>, query: AuditQuery): Promise<AuditPage> {
  const { safe } = await readHorizon(db)
  const { order, limit, since, until } = query
  const from = query.from ?? (await findBeginning(db, query))
  const isNewest = order === 'newest'
  const direction = isNewest ? sql`desc` : sql`asc`
  const behind = isNewest
    ? sql`seq < ${from ?? Number.MAX_SAFE_INTEGER}::bigint and seq <= ${safe}::bigint`
    : sql`seq > ${from ?? 0}::bigint and seq <= ${safe}::bigint`
  const { rows: cuts } = await sql<Pick<Row, 'seq' | 'at'>>`
    select seq, at from assay.event where ${behind} order by seq ${direction} offset ${maxScannedEvents - 1} limit 1`.execute(db)
  const cut = cuts[0]
  const upToCut = cut ? (isNewest ? sql`seq >= ${cut.seq}::bigint` : sql`seq <= ${cut.seq}::bigint`) : sql`true`
  const { rows } = await sql<Row>`
    select * from assay.event
    where ${behind} and ${upToCut} and actor is not null and ${isWanted(query.types, query.paths)}
      and ${query.actors ? sql`actor = any(${[...query.actors]}::text[])` : sql`true`}
      and ${since ? sql`at >= ${since}` : sql`true`} and ${until ? sql`at < ${until}` : sql`true`}
    order by seq ${direction} limit ${limit + 1}`.execute(db)
  const page = rows.slice(0, limit)
  const events = page.flatMap((row) => toEvent(row) ?? [])
  if (rows.length > limit) return { events, position: page.at(-1)!.seq }
  return { events, position: cut && !isBeyond(cut.at, query) ? cut.seq : null }
}

/** Where the time asked for begins in that order; `null`: at its beginning. */
async function findBeginning(db: Kysely<Schema>, { order, since, until }: AuditQuery): Promise<EventPosition | null> {
  if (order === 'newest') return until === undefined ? null : (await findEventTime(db, until)).behind
  return since === undefined ? null : (await findEventTime(db, since)).before
}

/** Whether nothing behind this one is of the time asked for. An event has the time at which its transaction began. */
function isBeyond(at: Date, { order, since, until }: AuditQuery): boolean {
  if (order === 'newest') return since !== undefined && at.getTime() < since.getTime() - subtreeTimeoutMs
  return until !== undefined && at.getTime() > until.getTime() + subtreeTimeoutMs
}
