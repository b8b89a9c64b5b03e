import { type Kysely, sql } from 'kysely'
import type { TargetChange } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'

/** The oldest changes, merged by target, and the ids to forget once they have been dealt with. */
export async function takeTargetChanges(db: Kysely<Schema>, limit: number): Promise<{ changes: TargetChange[]; ids: number[] }> {
  const rows = await db.selectFrom('assay.target_change').select(['id', 'target', 'existence']).orderBy('id').limit(limit).execute()
  const merged = new Map<number, boolean>()
  for (const row of rows) merged.set(row.target, (merged.get(row.target) ?? false) || row.existence)
  return { changes: [...merged].map(([target, existence]) => ({ target, existence })), ids: rows.map((row) => row.id) }
}

/** Removes changes that were dealt with. */
export async function forgetTargetChanges(db: Kysely<Schema>, ids: readonly number[]): Promise<void> {
  await sql`delete from assay.target_change where id = any(${ids}::bigint[])`.execute(db)
}
