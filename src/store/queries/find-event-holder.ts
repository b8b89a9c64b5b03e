import { type Kysely, sql } from 'kysely'
import type { EventHolder } from '../../processing/event-log.ts'
import { eventLockKeys } from '../event-locks.ts'
import type { Schema } from '../schema-types.ts'

/** The transaction that holds up the readers of events, if it is older than `ageMs`. What it does is not told: statements may hold anything. */
export async function findEventHolder(db: Kysely<Schema>, ageMs: number): Promise<EventHolder | null> {
  const { first, last } = eventLockKeys
  const { rows } = await sql<EventHolder>`
    select a.pid, a.application_name as application, a.state, floor(extract(epoch from now() - a.xact_start) * 1000)::bigint as "ageMs"
    from (select pid, (classid::bigint << 32) | objid::bigint as key from pg_locks
      where locktype = 'advisory' and objsubid = 1 and database = (select oid from pg_database where datname = current_database())) l
    join pg_stat_activity a on a.pid = l.pid
    where l.key between ${first}::bigint and ${last}::bigint and a.xact_start < now() - ${ageMs} * interval '1 millisecond'
    order by l.key limit 1`.execute(db)
  return rows[0] ?? null
}
