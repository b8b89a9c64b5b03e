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

/** The job with this id, or `null`. Any text may be asked for: what is no UUID is not found. */
export async function findStatusJob(db: Kysely<Schema>, id: string): Promise<FoundStatusJob | null> {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return null
  const row = await db
    .selectFrom('assay.status_job')
    .where('id', '=', id)
    .select(['id', 'status', 'total', 'ignored', 'etag', 'error'])
    .select(sql<boolean>`coalesce(expires_at <= now(), false)`.as('expired'))
    .executeTakeFirst()
  if (!row) return null
  return { ...row, status: statusJobStatuses[row.status]! }
}
