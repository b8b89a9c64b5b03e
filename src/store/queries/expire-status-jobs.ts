import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema-types.ts'

/** Removes lists whose time is over, and rows of jobs that have been over for `tombstoneMs`. Returns how many lists went. */
export async function expireStatusJobs(db: Kysely<Schema>, tombstoneMs: number): Promise<number> {
  const { rows } = await sql<{ expired: number }>`
    with gone as (
      delete from assay.status_job where expires_at < now() - ${tombstoneMs} * interval '1 millisecond'
    ), expired as (
      delete from assay.status_job_chunk c using assay.status_job j where c.job_id = j.id and j.expires_at < now() returning c.job_id
    )
    select count(distinct job_id) as expired from expired`.execute(db)
  return rows[0]!.expired
}
