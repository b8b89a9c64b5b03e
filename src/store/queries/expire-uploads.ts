import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema-types.ts'

/** Forgets parts, and the memory of completed uploads, that are older than `ageMs`. Returns how many rows of both. */
export async function expireUploads(db: Kysely<Schema>, ageMs: number): Promise<number> {
  const { rows } = await sql<{ expired: number }>`
    with parts as (
      delete from assay.upload_part where created_at < now() - ${ageMs} * interval '1 millisecond' returning 1
    ), completed as (
      delete from assay.completed_upload where completed_at < now() - ${ageMs} * interval '1 millisecond' returning 1
    )
    select (select count(*) from parts) + (select count(*) from completed) as expired`.execute(db)
  return rows[0]!.expired
}
