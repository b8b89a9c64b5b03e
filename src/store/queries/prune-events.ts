import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema-types.ts'
import { prunedKey } from './read-events.ts'

/**
 * Removes the first events of the log that are older than `ageMs`, at most `limit`, and remembers to where, in one statement: whoever reads sees
 * both or neither. Ends at the first one that is younger. Returns how many.
 */
export async function pruneEvents(db: Kysely<Schema>, ageMs: number, limit: number): Promise<number> {
  const { rows } = await sql<{ removed: number }>`
    with first as materialized (select seq, at from assay.event order by seq limit ${limit}),
    kept as (select min(seq) as seq from first where at >= now() - ${ageMs} * interval '1 millisecond'),
    removed as (
      delete from assay.event e using first f, kept k where e.seq = f.seq and (k.seq is null or f.seq < k.seq) returning e.seq
    ), remembered as (
      insert into assay.setting (key, value) select ${prunedKey}, max(seq)::text from removed having count(*) > 0
      on conflict (key) do update set value = excluded.value
    )
    select count(*) as removed from removed`.execute(db)
  return rows[0]!.removed
}
