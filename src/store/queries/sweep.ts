import { type Kysely, sql, type Transaction } from 'kysely'
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

/** Removes packs that neither an asset nor a part of an upload refers to and that are older than the grace time. */
export async function removeOrphanPacks(trx: Transaction<Schema>, graceMs: number): Promise<number> {
  const { rows } = await sql<{ removed: number }>`
    with removed as (
      delete from assay.content_pack p where p.created_at < now() - ${graceMs} * interval '1 millisecond'
        and not exists (select 1 from assay.asset a where a.pack_id = p.id)
        and not exists (select 1 from assay.upload_part u where u.pack_id = p.id)
      returning p.id
    )
    select count(*) as removed from removed`.execute(trx)
  return rows[0]!.removed
}

/** Which of `keys` an asset, or a part of an upload, still refers to. */
export async function findReferredBlobs(db: Kysely<Schema>, keys: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    select blob_key as key from assay.asset where blob_key is not null and blob_key = any(${keys}::text[])
    union
    select blob_key from assay.upload_part where blob_key = any(${keys}::text[])`.execute(db)
  return new Set(rows.map((row) => row.key))
}
