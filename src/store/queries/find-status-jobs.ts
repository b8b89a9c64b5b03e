import { type Kysely, sql } from 'kysely'
import { type StatusJobStatus, statusJobStatuses } from '../../model/status-job-status.ts'
import type { Schema } from '../schema-types.ts'

/** A status job as the poll needs it. */
export interface FoundStatusJob {
  readonly id: string
  readonly status: StatusJobStatus
  /** Assets in the list; `null` until the job is SUCCESS. */
  readonly total: number | null
  readonly etag: string | null
  /** Assets in its paths that path rules ignore; `null` until the job is SUCCESS. */
  readonly ignored: number | null
  /** Why the job is FAILURE. */
  readonly error: string | null
  /** Its time is over, by the clock of the database: the list is gone or about to go. */
  readonly expired: boolean
}

/** Those of the jobs with these ids (UUIDs in lower case) that there are. */
export async function findStatusJobs(db: Kysely<Schema>, ids: readonly string[]): Promise<Map<string, FoundStatusJob>> {
  const rows = await db
    .selectFrom('assay.status_job')
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .select(['id', 'status', 'total', 'ignored', 'etag', 'error'])
    .select(sql<boolean>`coalesce(expires_at <= now(), false)`.as('expired'))
    .execute()
  return new Map(rows.map((row) => [row.id, { ...row, status: statusJobStatuses[row.status]! }]))
}
