import { sql, type Transaction } from 'kysely'
import { type AssetPath, parentOf, pathKey } from '../../model/asset-path.ts'
import { assetStatuses } from '../../model/asset-status.ts'
import { eventTypes } from '../../model/event-type.ts'
import { createAssetUuid, uuidClaimedByName } from '../../model/uuid.ts'
import type { IncomingAsset, PostProcessOrder, Receipt } from '../../processing/ports.ts'
import type { RulesInForce } from '../path-rule-book.ts'
import type { Schema } from '../schema-types.ts'
import { completeUploads, findCompletedUploads } from './complete-uploads.ts'
import { ensureFolders, foldersAbove, storedSpelling } from './ensure-folders.ts'
import type { StoredPath } from './find-stored-paths.ts'
import { type IncomingColumns, incomingColumns, incomingColumnTypes } from './incoming-columns.ts'
import { lockMissingNames } from './lock-names.ts'
import { rowSet } from './row-set.ts'
import { type PlaceColumns, placeColumnTypes, writePack } from './write-pack.ts'

/** What a group of receipts did, with the orders that are to be enqueued in the same transaction. */
export interface ReceivedGroup {
  readonly receipts: Receipt[]
  readonly orders: PostProcessOrder[]
  /** References may stand otherwise now. */
  readonly targetsChanged: boolean
}

/** What the path rules say of the paths of a group: those that are ignored, as they came. */
export interface DecidedPaths {
  readonly rules: Pick<RulesInForce, 'confirm'>
  readonly ignored: ReadonlySet<string>
}

interface ExistingAsset {
  /** It failed for a reason that is not in its content: the same bytes again are worth another try. */
  readonly was_not_read: boolean
  readonly id: number
  readonly uuid: string
  readonly path: string
  readonly revision: number
  readonly sha256: Uint8Array
  readonly received_at: Date
}

/** A content that will be stored: a new asset (`existing` is null) or a new revision. */
interface Write {
  readonly incoming: IncomingAsset
  readonly path: AssetPath
  readonly existing: ExistingAsset | null
  readonly uuid: string
}

/**
 * Stores a group of contents whose paths differ: upserts the assets, writes their contents as one pack, their folders and events.
 * Nobody waits for the result of a new revision that path rules ignore, so references to it are resolved again at once.
 * A constant number of statements whatever the size of the group. The caller enqueues the orders in the same transaction, and repeats
 * the whole transaction on a unique violation (another node received the same path or UUID at the same moment).
 */
export async function receiveAssets(
  trx: Transaction<Schema>,
  group: readonly IncomingAsset[],
  { rules, ignored }: DecidedPaths,
  isAlone = false,
): Promise<ReceivedGroup> {
  const paths = group.flatMap((asset) => [asset.path, ...foldersAbove(asset.path)])
  const stored = await lockMissingNames(trx, paths, isAlone)
  const assets = group.map((asset) => stored.get(pathKey(asset.path))).filter((found) => found?.kind === 'asset')
  const uploads = group.flatMap(({ upload }) => upload ?? [])
  // One after the other, without waiting in between. After the locks: whoever completes the same upload at this moment waits at the same
  // name, and is seen by the second.
  const [existing, completed] = await Promise.all([
    lockExisting(
      trx,
      assets.map((found) => found!.path),
    ),
    findCompletedUploads(trx, uploads),
  ])
  const isMissing = (folder: AssetPath) => !stored.has(pathKey(folder))
  const missingFolders = new Set(group.map((asset) => parentOf(storedSpelling(asset.path, stored))).filter(isMissing))
  const receipts = new Map<IncomingAsset, Receipt>()
  const writes: Write[] = []
  for (const incoming of group) {
    const path = storedSpelling(incoming.path, stored)
    const asset = existing.get(path) ?? null
    const refused = conflictAt(path, stored) ?? conflictWith(incoming, asset)
    if (completed.has(incoming.upload ?? '')) receipts.set(incoming, receivedBefore(path, asset))
    else if (refused) receipts.set(incoming, { path, uuid: '', revision: 0, outcome: 'conflict', conflict: refused })
    else if (asset) settleExisting(incoming, asset, receipts, writes)
    else {
      writes.push({ incoming, path, existing: null, uuid: createAssetUuid() })
      // The rest of the group sees it as stored: no second spelling of a new folder, no asset below a new asset.
      for (const folder of foldersAbove(path)) stored.set(pathKey(folder), { path: folder, kind: 'folder' })
      stored.set(pathKey(path), { path, kind: 'asset' })
    }
  }
  // A refused upload keeps its parts: what stands in its way may go.
  const accepted = group.filter((incoming) => receipts.get(incoming)?.outcome !== 'conflict')
  const [orders] = await Promise.all([
    write(trx, await claimUuids(trx, writes), missingFolders, receipts, { rules, ignored }),
    completeUploads(
      trx,
      accepted.flatMap(({ upload }) => upload ?? []),
    ),
  ])
  const written = [...receipts].filter(([, { outcome }]) => outcome === 'created' || outcome === 'updated')
  const targetsChanged = written.some(([incoming, { outcome }]) => outcome === 'created' || ignored.has(incoming.path))
  return { receipts: group.map((incoming) => receipts.get(incoming)!), orders, targetsChanged }
}

function conflictAt(path: AssetPath, stored: ReadonlyMap<string, StoredPath>): Receipt['conflict'] {
  if (stored.get(pathKey(path))?.kind === 'folder') return 'folder-at-path'
  return foldersAbove(path).some((folder) => stored.get(pathKey(folder))?.kind === 'asset') ? 'asset-above-path' : null
}

function conflictWith({ precondition }: IncomingAsset, asset: ExistingAsset | null): Receipt['conflict'] {
  return precondition === undefined || precondition(asset) ? null : 'precondition'
}

function receivedBefore(path: AssetPath, asset: ExistingAsset | null): Receipt {
  return { path, uuid: asset?.uuid ?? '', revision: asset?.revision ?? 0, outcome: 'skipped', conflict: null }
}

function settleExisting(incoming: IncomingAsset, asset: ExistingAsset, receipts: Map<IncomingAsset, Receipt>, writes: Write[]): void {
  const receipt = { path: asset.path as AssetPath, uuid: asset.uuid, revision: asset.revision, conflict: null }
  if (incoming.onConflict === 'fail') receipts.set(incoming, { ...receipt, outcome: 'conflict', conflict: 'asset-exists' })
  else if (incoming.onConflict === 'skip') receipts.set(incoming, { ...receipt, outcome: 'skipped' })
  else if (!asset.was_not_read && Buffer.from(asset.sha256).equals(incoming.sha256))
    receipts.set(incoming, { ...receipt, outcome: 'unchanged' })
  else writes.push({ incoming, path: asset.path as AssetPath, existing: asset, uuid: asset.uuid })
}

/** Locks in the order of ids, so that two nodes that receive the same assets wait for one another instead of deadlocking. */
async function lockExisting(trx: Transaction<Schema>, paths: readonly string[]): Promise<Map<string, ExistingAsset>> {
  if (paths.length === 0) return new Map()
  const { rows } = await sql<ExistingAsset>`
    select a.id, a.uuid, a.path, a.revision, a.sha256, a.received_at,
      a.status = ${assetStatuses.indexOf('FAILURE')} and coalesce(r.problems ~ '"code":"(CONTENT_UNREADABLE|PROCESSING_)', false) as was_not_read
    from assay.asset a left join assay.asset_result r on r.asset_id = a.id and a.status = ${assetStatuses.indexOf('FAILURE')}
    where a.path = any(${paths}::text[]) order by a.id for update of a`.execute(trx)
  return new Map(rows.map((row) => [row.path, row]))
}

/** Gives new assets the UUID that their file name claims, where it is free. */
async function claimUuids(trx: Transaction<Schema>, writes: readonly Write[]): Promise<Write[]> {
  const claims = new Map<string, Write>()
  for (const candidate of writes) {
    const claimed = candidate.existing ? null : uuidClaimedByName(candidate.path)
    if (claimed && !claims.has(claimed)) claims.set(claimed, candidate)
  }
  if (claims.size === 0) return [...writes]
  const { rows } = await sql<{ uuid: string }>`select uuid from assay.asset where uuid = any(${[...claims.keys()]}::text[])`.execute(trx)
  for (const row of rows) claims.delete(row.uuid)
  const uuidOf = new Map([...claims].map(([uuid, candidate]) => [candidate, uuid]))
  return writes.map((candidate) => ({ ...candidate, uuid: uuidOf.get(candidate) ?? candidate.uuid }))
}

/** What is written of an asset, with what decides how. */
interface WrittenRow extends IncomingColumns, PlaceColumns {
  readonly uuid: string
  readonly is_new: boolean
  readonly is_ignored: boolean
}

async function write(
  trx: Transaction<Schema>,
  writes: readonly Write[],
  missingFolders: ReadonlySet<AssetPath>,
  receipts: Map<IncomingAsset, Receipt>,
  { rules, ignored }: DecidedPaths,
): Promise<PostProcessOrder[]> {
  if (writes.length === 0) return []
  await ensureFolders(
    trx,
    writes.map((one) => parentOf(one.path)).filter((folder) => missingFolders.has(folder)),
  )
  const places = await writePack(
    trx,
    writes.map((one) => one.incoming),
  )
  const values = writes.map((one, index) => ({
    ...incomingColumns(one.path, one.incoming),
    uuid: one.uuid,
    is_new: one.existing === null,
    is_ignored: ignored.has(one.incoming.path),
    ...places[index]!,
  }))
  const { rows } = await upsert(trx, values)
  rules.confirm(rows[0]!.rules_version)
  const ids = new Map(rows.map((row) => [row.path, row]))
  return writes.flatMap((one) => {
    const { id, uuid, revision } = ids.get(one.path)!
    receipts.set(one.incoming, { path: one.path, uuid, revision, outcome: one.existing ? 'updated' : 'created', conflict: null })
    return ignored.has(one.incoming.path) ? [] : [{ id, revision }]
  })
}

/**
 * Inserts and updates in one statement, and says so in the event table. A row that another node inserted meanwhile raises a unique
 * violation, on which the caller starts again: an `on conflict` here would overwrite without having compared the contents.
 * In the order of UUIDs, so that two nodes to which file names bring the same ones wait for one another instead of deadlocking; nobody
 * else creates the paths meanwhile.
 */
function upsert(trx: Transaction<Schema>, rows: readonly WrittenRow[]) {
  const input = rowSet('i', rows, { ...incomingColumnTypes, ...placeColumnTypes, uuid: 'text', is_new: 'boolean', is_ignored: 'boolean' })
  return sql<{ id: number; uuid: string; path: string; revision: number; rules_version: number }>`
    with input as (
      select * from ${input}
    ), created as (
      insert into assay.asset (uuid, path, fold_hash, revision, status, type, size, sha256, pack_id, pack_offset, blob_key, media_type,
        is_ignored)
      select uuid, path, fold_hash, 1, 0, type, size, sha256, pack_id, pack_offset, blob_key, media_type, is_ignored
      from input where is_new order by uuid collate "C"
      returning id, uuid, path, revision, fold_hash
    ), updated as (
      update assay.asset a set revision = a.revision + 1, status = 0, attempts = 0, size = i.size, sha256 = i.sha256,
        pack_id = i.pack_id, pack_offset = i.pack_offset, blob_key = i.blob_key, media_type = i.media_type,
        is_ignored = i.is_ignored, received_at = now(), settled_at = null
      from input i where not i.is_new and a.path = i.path
      returning a.id, a.uuid, a.path, a.revision, a.fold_hash, a.is_ignored
    ), written as (
      select id, uuid, path, revision from created union all select id, uuid, path, revision from updated
    ), told as (
      insert into assay.event (type, revision, actor, subject, path, detail)
      select ${eventTypes['asset.received']}, w.revision, i.actor, w.uuid, w.path, i.remark from written w join input i on i.path = w.path
    ), appeared as (
      insert into assay.target_change (target, existence) select fold_hash, true from created
      union all select fold_hash, true from updated where is_ignored
    )
    select id, uuid, path, revision, (select assay.hold_path_rules()) as rules_version from written`.execute(trx)
}
