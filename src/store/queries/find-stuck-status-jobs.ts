import { type Kysely, sql } from 'kysely'
import { statusJobStatuses } from '../../model/status-job-status.ts'
import type { Schema } from '../schema-types.ts'

/** The oldest status jobs that were started more than `stuckAfterMs` ago and are not finished. */
export async function findStuckStatusJobs(db: Kysely<Schema>, stuckAfterMs: number, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('assay.status_job')
    .where('status', 'in', [statusJobStatuses.indexOf('WAITING'), statusJobStatuses.indexOf('PROCESSING')])
    .where('created_at', '<', sql<Date>`now() - ${stuckAfterMs} * interval '1 millisecond'`)
    .orderBy('created_at')
    .limit(limit)
    .select('id')
    .execute()
  return rows.map((row) => row.id)
}
