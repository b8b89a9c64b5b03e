import { sql, type Transaction } from 'kysely'
import { assetStatuses, isFinal } from '../../model/asset-status.ts'
import type { PostProcessOrder } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'

/** An asset that is to be processed again, as it was before. */
export interface ReprocessedAsset {
  readonly id: number
  readonly path: string
  readonly revision: number
  readonly former_status: number
  readonly former_settled_at: Date | null
}

const final = assetStatuses.flatMap((status, index) => (isFinal(status) ? [index] : []))

/**
 * Makes settled assets wait again, at the same revision; those that wait or are being processed already stay as they are. Gives all of them
 * in path order. The claims of an asset that failed after a process had died on it stay counted, so that it is read apart at once.
 */
export async function reprocessAssets(trx: Transaction<Schema>, ids: readonly number[]): Promise<ReprocessedAsset[]> {
  const { rows } = await sql<ReprocessedAsset>`
    with due as (
      select a.id, a.path, a.revision, a.status, a.settled_at from assay.asset a where a.id = any(${ids}::bigint[]) order by a.id for update
    ), reset as (
      update assay.asset a set status = ${assetStatuses.indexOf('PENDING')}, settled_at = null,
        attempts = case when d.status = ${assetStatuses.indexOf('FAILURE')} and a.attempts > 1 then a.attempts else 0 end
      from due d where a.id = d.id and d.status = any(${final}::smallint[])
    )
    select id, path, revision, status as former_status, settled_at as former_settled_at from due order by path`.execute(trx)
  return rows
}

/** The orders for them. Who is being processed has one: another would take it away from its worker. */
export function ordersOf(assets: readonly ReprocessedAsset[]): PostProcessOrder[] {
  return assets.filter((asset) => asset.former_status !== assetStatuses.indexOf('PROCESSING')).map(({ id, revision }) => ({ id, revision }))
}
