import { sql, type Transaction } from 'kysely'
import { type AssetPath, parentOf, pathKey, repositoryRoot } from '../../model/asset-path.ts'
import { eventTypes, systemActor } from '../../model/event-type.ts'
import { type CurrentContent, type Precondition, PreconditionFailedError, type Removal } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'
import { findStoredPaths, type StoredPath } from './find-stored-paths.ts'
import { lockAllNames } from './lock-names.ts'
import { anyOf, idsBelow, lockedSubtree, rangesOf } from './subtree.ts'
import { writeEvents } from './write-events.ts'

/**
 * Removes the asset at `path`, or the folder with all below it (the repository's root stays, emptied); `null` when neither is there. Results go with their assets; what
 * referred to them is told by target changes. The contents are swept later: a download may still be reading them.
 */
export async function removeAssets(
  trx: Transaction<Schema>,
  path: AssetPath,
  { precondition, actor }: Removal = {},
): Promise<{ assets: number } | null> {
  await lockAllNames(trx)
  const stored = (await findStoredPaths(trx, [path])).get(pathKey(path))
  if (!stored) return null
  if (precondition) await requirePrecondition(trx, stored, precondition)
  // What a worker settles at this moment is seen below, so that none of its edges stays.
  await sql`select count(*) from (${lockedSubtree(stored.path)}) locked`.execute(trx)
  const doomed = anyOf(sql`select id from doomed`)
  const { lows, highs } = rangesOf(stored.path)
  const { rows } = await sql<{ assets: number }>`
    with doomed as materialized (${idsBelow(stored.path)}), unlinked as (
      delete from assay.reference_edge e using (
        select asset_id, unnest(edges) as target from assay.asset_result where asset_id = ${doomed}
      ) old where e.target = old.target and e.source = old.asset_id
    ), emptied as (
      delete from assay.asset_result where asset_id = ${doomed}
    ), removed as (
      delete from assay.asset where id = ${doomed} returning id, uuid, path, revision, fold_hash
    ), told as (
      insert into assay.event (type, revision, actor, subject, path)
      select ${eventTypes['asset.deleted']}, revision, ${actor ?? null}::text, uuid, path from removed
    ), gone as (
      insert into assay.target_change (target, existence) select fold_hash, true from removed
    ), folders as (
      delete from assay.folder f using unnest(${lows}::text[], ${highs}::text[]) as r(lo, hi) where f.path >= r.lo and f.path < r.hi
        and f.path not in (${parentOf(repositoryRoot)}, ${repositoryRoot})
    )
    select count(*) as assets from removed`.execute(trx)
  const { assets } = rows[0]!
  if (stored.kind === 'folder' && stored.path !== repositoryRoot) {
    await writeEvents(trx, [{ type: 'folder.deleted', actor: actor ?? systemActor, path: stored.path, detail: { count: assets } }])
  }
  return { assets }
}

/** The asset stays locked, so that it is still as demanded when it is removed. */
async function requirePrecondition(trx: Transaction<Schema>, { path }: StoredPath, precondition: Precondition): Promise<void> {
  const { rows } = await sql<CurrentContent>`select sha256, received_at from assay.asset where path = ${path} for update`.execute(trx)
  if (!precondition(rows[0] ?? null)) throw new PreconditionFailedError()
}
