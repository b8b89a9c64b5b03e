import { sql, type Transaction } from 'kysely'
import { eventTypes, systemActor } from '../../model/event-type.ts'
import { createAssetUuid } from '../../model/uuid.ts'
import type { Actor, PostProcessOrder } from '../../processing/ports.ts'
import type { RulesInForce } from '../path-rule-book.ts'
import type { Schema } from '../schema-types.ts'
import type { TransferredSubtree } from './prepare-transfer.ts'
import {
  listSubtreeFolders,
  lockSubtree,
  type MovedAsset,
  ordersOf,
  type Renamed,
  renamed,
  renamedRows,
  type SubtreeAsset,
} from './subtree.ts'
import { writeEvents } from './write-events.ts'

/**
 * Copies what is at `source` to `destination`, where nothing is; a folder without what is in it if `shallow`. Copies are assets of their
 * own at revision 1, with new UUIDs; they share the stored contents. Gives the orders for their post-processing. The names are locked by
 * the caller.
 */
export async function copySubtree(
  trx: Transaction<Schema>,
  { source, destination, actor, shallow }: TransferredSubtree & { readonly shallow: boolean },
  rules: RulesInForce,
): Promise<PostProcessOrder[]> {
  const orders: PostProcessOrder[] = []
  const folders = await listSubtreeFolders(trx, source)
  const assets = await lockSubtree(trx, source)
  const isFolder = folders.length > 0
  for (const part of renamed(shallow ? folders.slice(0, 1) : folders, source, destination)) {
    const [old, paths, hashes] = [part.map(({ row }) => row.path), part.map(({ path }) => path), part.map(({ hash }) => hash)]
    await sql`
      insert into assay.folder (path, fold_hash, properties)
      select i.path, i.hash, f.properties from unnest(${old}::text[], ${paths}::text[], ${hashes}::bigint[]) as i(old, path, hash)
      join assay.folder f on f.path = i.old`.execute(trx)
  }
  if (isFolder) await writeEvents(trx, [{ type: 'folder.created', actor: actor ?? systemActor, path: destination, source }])
  if (isFolder && shallow) return orders
  for (const part of renamed(assets, source, destination)) orders.push(...(await copyAssets(trx, part, rules, actor)))
  return orders
}

async function copyAssets(
  trx: Transaction<Schema>,
  part: readonly Renamed<SubtreeAsset>[],
  rules: RulesInForce,
  actor: Actor,
): Promise<PostProcessOrder[]> {
  const rows = (await renamedRows(part, rules)).map((row) => ({ ...row, uuid: createAssetUuid() }))
  const { rows: copied } = await sql<MovedAsset>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as i(id bigint, uuid text, old text, path text, hash bigint,
        ignored boolean)
    ), copied as (
      insert into assay.asset (uuid, path, fold_hash, revision, status, type, size, sha256, pack_id, pack_offset, blob_key, media_type, properties,
        is_ignored)
      select i.uuid, i.path, i.hash, 1, 0, a.type, a.size, a.sha256, a.pack_id, a.pack_offset, a.blob_key, a.media_type, a.properties,
        i.ignored
      from input i join assay.asset a on a.id = i.id
      returning id, uuid, path, revision, is_ignored
    ), told as (
      insert into assay.event (type, revision, actor, subject, path, source)
      select ${eventTypes['asset.received']}, c.revision, ${actor ?? null}::text, c.uuid, c.path, i.old from copied c join input i on i.path = c.path
    ), changed as (
      insert into assay.target_change (target, existence) select hash, true from input
    )
    select id, revision, is_ignored, (select assay.hold_path_rules()) as rules_version from copied`.execute(trx)
  return ordersOf(copied, rules)
}
