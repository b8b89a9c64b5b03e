import { type Kysely, sql } from 'kysely'
import type { AssetPath } from '../../model/asset-path.ts'
import { assetStatuses, statusesAccepting } from '../../model/asset-status.ts'
import { assetTypes } from '../../model/asset-type.ts'
import type { ClaimedAsset, PostProcessOrder } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'
import { type ContentRow, contentPlace } from './find-asset.ts'
import { rowSet } from './row-set.ts'

interface ClaimRow extends ContentRow {
  readonly id: number
  readonly revision: number
  readonly path: string
  readonly type: number
  readonly is_new: boolean
  readonly attempts: number
  readonly size: number
}

const claimable = statusesAccepting('claimed').map((status) => assetStatuses.indexOf(status))

/**
 * Claims the orders that are still due: the asset has that revision and no final status, and no path rule ignores it. `isAlone`: no other transaction
 * is under way, so the rows need not be locked in an order.
 */
export async function claimAssets(db: Kysely<Schema>, orders: readonly PostProcessOrder[], isAlone = false): Promise<ClaimedAsset[]> {
  const input = rowSet('o', orders, { id: 'bigint', revision: 'integer' })
  const isDue = sql`a.id = o.id and a.revision = o.revision and a.status = any(${claimable}::smallint[]) and not a.is_ignored`
  const locked = sql`(select o.* from ${input} join assay.asset a on ${isDue} order by a.id for update of a) as o`
  const { rows } = await sql<ClaimRow>`
    update assay.asset a set status = ${assetStatuses.indexOf('PROCESSING')}, attempts = a.attempts + 1
    from ${isAlone ? input : locked} where ${isDue}
    returning a.id, a.revision, a.path, a.type, a.attempts, a.size, a.pack_id, a.pack_offset, a.blob_key,
      (select 1 from assay.asset_result r where r.asset_id = a.id) is null as is_new`.execute(db)
  return rows.map(toClaimed)
}

function toClaimed(row: ClaimRow): ClaimedAsset {
  const { id, revision, attempts, size, is_new: isNew } = row
  return { id, revision, path: row.path as AssetPath, type: assetTypes[row.type]!, isNew, attempts, size, content: contentPlace(row) }
}

/** Gives claimed revisions back, as if they had not been tried: a shut-down must not count as a crash. */
export async function releaseAssets(db: Kysely<Schema>, assets: readonly ClaimedAsset[]): Promise<void> {
  await sql`
    update assay.asset a set status = ${assetStatuses.indexOf('PENDING')}, attempts = a.attempts - 1
    from unnest(${assets.map((a) => a.id)}::bigint[], ${assets.map((a) => a.revision)}::integer[], ${assets.map((a) => a.attempts)}::smallint[])
      as i(id, revision, attempts)
    where a.id = i.id and a.revision = i.revision and a.attempts = i.attempts
      and a.status = ${assetStatuses.indexOf('PROCESSING')}`.execute(db)
}

/** Makes claimed revisions due again whose worker died. Their claims stay counted: that is how it is known on which asset a process dies. */
export async function takeBackAssets(db: Kysely<Schema>, orders: readonly PostProcessOrder[]): Promise<void> {
  await sql`
    update assay.asset a set status = ${assetStatuses.indexOf('PENDING')}
    from unnest(${orders.map((order) => order.id)}::bigint[], ${orders.map((order) => order.revision)}::integer[]) as o(id, revision)
    where a.id = o.id and a.revision = o.revision and a.status = ${assetStatuses.indexOf('PROCESSING')}`.execute(db)
}
