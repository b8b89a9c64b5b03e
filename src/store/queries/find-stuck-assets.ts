import { type Kysely, sql } from 'kysely'
import { assetStatuses } from '../../model/asset-status.ts'
import type { PostProcessOrder } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'

/**
 * Assets without a final status that were received longer ago than `stuckAfterMs`: normally none, since a queue job exists for each.
 * Reads the whole table: call it seldom.
 */
export async function findStuckAssets(db: Kysely<Schema>, stuckAfterMs: number, limit: number): Promise<PostProcessOrder[]> {
  const { rows } = await sql<PostProcessOrder>`
    select id, revision from assay.asset
    where status in (${assetStatuses.indexOf('PENDING')}, ${assetStatuses.indexOf('PROCESSING')})
      and received_at < now() - ${stuckAfterMs} * interval '1 millisecond'
    order by id limit ${limit}`.execute(db)
  return rows
}
