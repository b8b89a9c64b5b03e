import { sql, type Transaction } from 'kysely'
import { assetStatuses } from '../../model/asset-status.ts'
import { eventTypes, systemActor } from '../../model/event-type.ts'
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
 * Moves what is at `source` to `destination`, where nothing is. UUIDs and revisions stay; the assets wait for post-processing again,
 * because what their relative references lead to has changed. Gives the orders for it. The names are locked by the caller.
 */
export async function moveSubtree(
  trx: Transaction<Schema>,
  { source, destination, actor }: TransferredSubtree,
  rules: RulesInForce,
): Promise<PostProcessOrder[]> {
  const orders: PostProcessOrder[] = []
  const assets = await lockSubtree(trx, source)
  for (const part of renamed(assets, source, destination)) orders.push(...(await moveAssets(trx, part, rules, actor)))
  const folders = await listSubtreeFolders(trx, source)
  for (const part of renamed(folders, source, destination)) {
    const [old, paths, hashes] = [part.map(({ row }) => row.path), part.map(({ path }) => path), part.map(({ hash }) => hash)]
    await sql`
      update assay.folder f set path = i.path, fold_hash = i.hash
      from unnest(${old}::text[], ${paths}::text[], ${hashes}::bigint[]) as i(old, path, hash) where f.path = i.old`.execute(trx)
  }
  if (folders.length > 0) await writeEvents(trx, [{ type: 'folder.moved', actor: actor ?? systemActor, path: destination, source }])
  return orders
}

/** A claim that is under way keeps its number: the next one has another, so the result for the old path is not written. */
async function moveAssets(
  trx: Transaction<Schema>,
  part: readonly Renamed<SubtreeAsset>[],
  rules: RulesInForce,
  actor: Actor,
): Promise<PostProcessOrder[]> {
  const rows = await renamedRows(part, rules)
  const [pending, processing] = [assetStatuses.indexOf('PENDING'), assetStatuses.indexOf('PROCESSING')]
  const { rows: moved } = await sql<MovedAsset>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as i(id bigint, old text, old_hash bigint, path text, hash bigint,
        ignored boolean)
    ), moved as (
      update assay.asset a set path = i.path, fold_hash = i.hash, is_ignored = i.ignored, status = ${pending}, settled_at = null,
        attempts = case when a.status = ${processing} then a.attempts else 0 end
      from input i where a.id = i.id returning a.id, a.uuid, a.path, a.revision, a.is_ignored
    ), told as (
      insert into assay.event (type, revision, actor, subject, path, source)
      select ${eventTypes['asset.moved']}, m.revision, ${actor ?? null}::text, m.uuid, m.path, i.old from moved m join input i on i.id = m.id
    ), changed as (
      insert into assay.target_change (target, existence) select old_hash, true from input union all select hash, true from input
    )
    select id, revision, is_ignored, (select assay.hold_path_rules()) as rules_version from moved`.execute(trx)
  return ordersOf(moved, rules)
}
