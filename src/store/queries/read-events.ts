import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely'
import { type EventDetail, type EventPosition, eventStatuses, type RecordedEvent } from '../../model/event.ts'
import { maxScannedEvents } from '../../model/event-limits.ts'
import { eventTypeOf, eventTypes, systemActor } from '../../model/event-type.ts'
import { subtractPaths } from '../../model/path-ranges.ts'
import { type EventPage, EventPositionLostError, type EventQuery } from '../../processing/event-log.ts'
import { eventLockKeys } from '../event-locks.ts'
import type { EventTable, Schema } from '../schema-types.ts'

/** Where the log was cut off, in `assay.setting`. */
export const prunedKey = 'events.pruned'

/**
 * The next events after a position, none before which another could still appear. Looks at `maxScannedEvents` at most, so that a filter that
 * nearly nothing passes costs no more than others. Not for use in a transaction with one snapshot: what may be read is found out first, and
 * the events are looked at after that.
 */
export async function readEvents(db: Kysely<Schema>, query: EventQuery): Promise<EventPage> {
  const { drawn, safe } = await readHorizon(db)
  const rows = await scan(db, query, safe)
  const { pruned, last, cut } = rows[0]!
  if (query.after < pruned || query.after > drawn) throw new EventPositionLostError(pruned, await newestPosition(db, safe, pruned))
  const found = rows.filter((row): row is Found => row.seq !== null)
  const isFull = found.length === query.limit
  return {
    events: found.flatMap((row) => toEvent(row) ?? []),
    position: isFull ? found.at(-1)!.seq : (last ?? query.after),
    isLast: !isFull && cut === null,
    isHeldBack: safe < drawn,
  }
}

/** Where the log begins and ends; see `EventLog`. */
export async function readEventBounds(db: Kysely<Schema>): Promise<{ oldest: EventPosition; newest: EventPosition }> {
  const { safe } = await readHorizon(db)
  const row = await db.selectFrom('assay.setting').where('key', '=', prunedKey).select('value').executeTakeFirst()
  const oldest = Number(row?.value ?? 0)
  return { oldest, newest: await newestPosition(db, safe, oldest) }
}

/**
 * The last number drawn, and the last one below which no transaction under way will write any more. The number is read before the locks:
 * whoever locks after that look draws a greater one. A lock is gone only when what its transaction wrote can be seen.
 */
export async function readHorizon(db: Kysely<Schema>): Promise<{ drawn: number; safe: number }> {
  const { first, last } = eventLockKeys
  const { rows } = await sql<{ drawn: number; safe: number }>`
    select s.drawn, coalesce(l.low, s.drawn) as safe
    from (select last_value as drawn from assay.event_seq_seq offset 0) s cross join lateral (
      select min(key) - ${first}::bigint as low
      from (select (classid::bigint << 32) | objid::bigint as key from pg_locks
        where s.drawn > 0 and locktype = 'advisory' and objsubid = 1
          and database = (select oid from pg_database where datname = current_database())) k
      where key between ${first}::bigint and ${last}::bigint
    ) l`.execute(db)
  return rows[0]!
}

/** Positions are given away only of events that are committed: the numbers drawn last may be drawn again after a crash. Of a log without events it is where it was cut off. */
async function newestPosition(db: Kysely<Schema>, safe: number, oldest: EventPosition): Promise<EventPosition> {
  const row = await db.selectFrom('assay.event').where('seq', '<=', safe).select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  return Math.max(oldest, row?.seq ?? 0)
}

interface Looked {
  readonly pruned: number
  /** The last event looked at; `null` when there was none. */
  readonly last: number | null
  /** Where looking was broken off. */
  readonly cut: number | null
}
type Found = Selectable<EventTable> & Looked
/** One without an event when none was wanted. */
type ScanRow = Found | ({ readonly [Column in keyof EventTable]: null } & Looked)

async function scan(db: Kysely<Schema>, { after, types, paths, limit }: EventQuery, safe: number): Promise<ScanRow[]> {
  const mostLooked = types || paths ? Math.max(maxScannedEvents, limit) : limit
  const { rows } = await sql<ScanRow>`
    with looked as materialized (
      select coalesce((select value::bigint from assay.setting where key = ${prunedKey}), 0) as pruned,
        (select max(seq) from assay.event where seq > ${after}::bigint and seq <= ${safe}::bigint) as newest,
        (select seq from assay.event where seq > ${after}::bigint and seq <= ${safe}::bigint order by seq offset ${mostLooked - 1} limit 1) as cut
    )
    select l.pruned, coalesce(l.cut, l.newest) as last, l.cut, e.*
    from looked l left join lateral (
      select * from assay.event
      where seq > ${after}::bigint and seq <= coalesce(l.cut, l.newest) and ${isWanted(types, paths)}
      order by seq limit ${limit}
    ) e on true order by e.seq`.execute(db)
  return rows
}

/** What `isEventWanted` (`model/event.ts`) says, in SQL. */
export function isWanted(types: EventQuery['types'], paths: EventQuery['paths']): RawBuilder<boolean> {
  const ofType = types ? sql`type = any(${types.map((type) => eventTypes[type])}::smallint[])` : sql`true`
  if (!paths) return sql<boolean>`${ofType}`
  const ranges = subtractPaths(paths, [])
  const moves = [eventTypes['asset.moved'], eventTypes['folder.moved']]
  return sql<boolean>`${ofType} and exists (
    select 1 from unnest(${ranges.map((range) => range.lo)}::text[], ${ranges.map((range) => range.hi)}::text[]) as r(lo, hi)
    where (${key('path')} >= r.lo and ${key('path')} < r.hi)
      or (type = any(${moves}::smallint[]) and ${key('source')} >= r.lo and ${key('source')} < r.hi))`
}

/** As `pathKey`: an event tells the spelling that is stored, whose segments may be of different Unicode forms. */
function key(column: 'path' | 'source') {
  const text = sql.ref(column)
  return sql`case when octet_length(${text}) = char_length(${text}) then ${text} else normalize(${text}, NFC) end`
}

/** `null`: an event of a type that a newer program has written. */
export function toEvent(row: Selectable<EventTable>): RecordedEvent | null {
  const type = eventTypeOf(row.type)
  if (type === null) return null
  const { seq: position, at, subject, path, source, revision } = row
  return {
    position,
    at,
    type,
    actor: row.actor ?? systemActor,
    subject,
    path,
    source,
    revision,
    status: row.status === null ? null : eventStatuses[row.status]!,
    detail: row.detail === null ? null : (JSON.parse(row.detail) as EventDetail),
  }
}
