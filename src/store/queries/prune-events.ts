import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema-types.ts'
import { prunedKey } from './read-events.ts'

/**
 * Cuts the log off behind its first events that are older than `ageMs`, at most `limit`, and remembers where, in one statement: whoever reads sees
 * both or neither. What callers have done stays for the audit, the rest is removed. Ends at the first one that is younger. Returns how many were cut off.
 */
export async function pruneEvents(db: Kysely<Schema>, ageMs: number, limit: number): Promise<number> {
  const { rows } = await sql<{ cut: number }>`
    with first as materialized (select seq, at, actor from assay.event where seq > ${pruned} order by seq limit ${limit}),
    cut as materialized (
      select seq, actor from first
      where seq < coalesce((select min(seq) from first where at >= now() - ${ageMs} * interval '1 millisecond'), ${Number.MAX_SAFE_INTEGER})
    ), removed as (
      delete from assay.event e using cut c where e.seq = c.seq and c.actor is null
    ), remembered as (
      insert into assay.setting as s (key, value) select ${prunedKey}, max(seq)::text from cut having count(*) > 0
      on conflict (key) do update set value = greatest(s.value::bigint, excluded.value::bigint)::text
    )
    select count(*) as cut from cut`.execute(db)
  return rows[0]!.cut
}

/** Removes the first changes made by callers that are older than `ageMs` and that the log is cut off behind, at most `limit`. Returns how many. */
export async function pruneChanges(db: Kysely<Schema>, ageMs: number, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    with first as materialized (select seq, at from assay.event where seq <= ${pruned} order by seq limit ${limit}),
    kept as (select min(seq) as seq from first where at >= now() - ${ageMs} * interval '1 millisecond')
    delete from assay.event e using first f, kept k where e.seq = f.seq and (k.seq is null or f.seq < k.seq)`.execute(db)
  return Number(numAffectedRows)
}

const pruned = sql`coalesce((select value::bigint from assay.setting where key = ${prunedKey}), 0)`
