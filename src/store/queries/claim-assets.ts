import { type Kysely, sql } from 'kysely'
import type { AssetPath } from '../../model/asset-path.ts'
import { assetStatuses, statusesAccepting } from '../../model/asset-status.ts'
import type { ClaimedAsset, PostProcessOrder } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'
import { type ContentRow, contentPlace } from './find-asset.ts'

interface ClaimRow extends ContentRow {
  readonly id: number
  readonly revision: number
  readonly path: string
  readonly attempts: number
  readonly size: number
}

const claimable = statusesAccepting('claimed').map((status) => assetStatuses.indexOf(status))

/** Claims the orders that are still due: the asset has that revision and no final status, and no path rule ignores it. */
export async function claimAssets(db: Kysely<Schema>, orders: readonly PostProcessOrder[]): Promise<ClaimedAsset[]> {
  const ids = orders.map((order) => order.id)
  const revisions = orders.map((order) => order.revision)
  const { rows } = await sql<ClaimRow>`
    with due as (
      select a.id from unnest(${ids}::bigint[], ${revisions}::integer[]) as o(id, revision)
      join assay.asset a on a.id = o.id and a.revision = o.revision
      where a.status = any(${claimable}::smallint[]) and not a.is_ignored order by a.id for update of a
    )
    update assay.asset a set status = ${assetStatuses.indexOf('PROCESSING')}, attempts = a.attempts + 1
    from due d where a.id = d.id
    returning a.id, a.revision, a.path, a.attempts, a.size, a.pack_id, a.pack_offset, a.blob_key`.execute(db)
  return rows.map(toClaimed)
}

function toClaimed(row: ClaimRow): ClaimedAsset {
  const { id, revision, attempts, size } = row
  return { id, revision, path: row.path as AssetPath, attempts, size, content: contentPlace(row) }
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
