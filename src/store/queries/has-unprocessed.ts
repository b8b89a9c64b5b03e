import { type Kysely, sql } from 'kysely'
import { assetStatuses, isFinal } from '../../model/asset-status.ts'
import { runScanAssets } from '../../model/run-limits.ts'
import type { Schema } from '../schema-types.ts'

const unprocessed = assetStatuses.flatMap((status, index) => (isFinal(status) ? [] : [index]))

/**
 * Whether an asset that was received before that moment, and that no path rule ignores, has no final status. Reads all assets where there is none, in pieces, each a statement
 * of its own: an index on the status would save that, and cost a fifth of every change of a status.
 */
export async function hasUnprocessed(db: Kysely<Schema>, receivedBefore: Date): Promise<boolean> {
  for (let afterId = 0; ; ) {
    const { rows } = await sql<{ found: boolean | null; last_id: number | null }>`
      select bool_or(status = any(${unprocessed}::smallint[]) and not is_ignored and received_at < ${receivedBefore}) as found, max(id) as last_id
      from (select id, status, is_ignored, received_at from assay.asset where id > ${afterId} order by id limit ${runScanAssets}) piece`.execute(
      db,
    )
    const { found, last_id } = rows[0]!
    if (found) return true
    if (last_id === null) return false
    afterId = last_id
  }
}
