import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { EventPosition } from '../../model/event.ts'
import { subtreeTimeoutMs } from '../../model/limits.ts'
import type { Schema } from '../schema-types.ts'

/**
 * Two positions by halving the log, some 25 looks at its key instead of an index on the time or a walk through a year: at and before the first one
 * nothing happened at `at` or later; at and behind the second one nothing happened before. An event has the time at which its transaction began, and
 * got its number later, by `subtreeTimeoutMs` at most.
 */
export async function findEventTime(db: Kysely<Schema>, at: Date): Promise<{ before: EventPosition; behind: EventPosition }> {
  // Added by the database: JavaScript writes years before 1 and after 9999 as PostgreSQL does not read them.
  const margin = sql`${subtreeTimeoutMs}::float8 * interval '1 millisecond'`
  const find = (instant: RawBuilder<unknown>) => sql<number>`(
    with recursive half as (
      select min(seq) as low, max(seq) + 1 as high from assay.event
      union all
      select case when p.at < ${instant} then p.seq + 1 else low end, case when p.at < ${instant} then high else middle end
      from half cross join lateral (select (low + high) / 2 as middle) m
        cross join lateral (select seq, at from assay.event where seq >= middle order by seq limit 1) p
      where low < high
    )
    select coalesce(max(low), 0) from half)`
  const { rows } = await sql<{ before: number; behind: number }>`
    select ${find(sql`${at}::timestamptz - ${margin}`)} - 1 as before, ${find(sql`${at}::timestamptz + ${margin}`)} as behind`.execute(db)
  return rows[0]!
}
