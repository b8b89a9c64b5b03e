import type { Transaction } from 'kysely'
import { parseAssetPath } from '../../src/model/asset-path.ts'
import { foldHash } from '../../src/model/fold-hash.ts'
import { runScanAssets } from '../../src/model/run-limits.ts'
import { statusListChunkAssets, statusListChunkStretches } from '../../src/model/status-list-limits.ts'
import type { EventQuery } from '../../src/processing/event-log.ts'
import { claimAssets } from '../../src/store/queries/claim-assets.ts'
import { claimWebhooks, saveWebhookPositions } from '../../src/store/queries/claim-webhooks.ts'
import { countExcluded } from '../../src/store/queries/count-excluded.ts'
import { countRun } from '../../src/store/queries/count-run.ts'
import { ensureFolders } from '../../src/store/queries/ensure-folders.ts'
import { expireStatusJobs } from '../../src/store/queries/expire-status-jobs.ts'
import { expireUploads } from '../../src/store/queries/expire-uploads.ts'
import { findAssetByPath, findAssetByUuid } from '../../src/store/queries/find-asset.ts'
import { findContentRelays } from '../../src/store/queries/find-content-relays.ts'
import { findDelivery, listDeliveries } from '../../src/store/queries/find-deliveries.ts'
import { findDescribed } from '../../src/store/queries/find-described.ts'
import { findReferredBlobs } from '../../src/store/queries/find-referred-blobs.ts'
import { findReferrers, readReferences } from '../../src/store/queries/find-referrers.ts'
import { findRun, listRuns } from '../../src/store/queries/find-run.ts'
import { findRunCandidates } from '../../src/store/queries/find-run-candidates.ts'
import { findStatusJobs } from '../../src/store/queries/find-status-jobs.ts'
import { findStuckStatusJobs } from '../../src/store/queries/find-stuck-status-jobs.ts'
import { findTargets } from '../../src/store/queries/find-targets.ts'
import { findToken } from '../../src/store/queries/find-token.ts'
import { followRun, readFailures } from '../../src/store/queries/follow-run.ts'
import { forgetDeliveries } from '../../src/store/queries/forget-deliveries.ts'
import { hasUnprocessed } from '../../src/store/queries/has-unprocessed.ts'
import { type AssetFilter, listAssets } from '../../src/store/queries/list-assets.ts'
import { listChildren } from '../../src/store/queries/list-children.ts'
import { listFolderChildren } from '../../src/store/queries/list-folder-children.ts'
import { listIgnoredPaths } from '../../src/store/queries/list-ignored-paths.ts'
import { listReferringAssets } from '../../src/store/queries/list-referring-assets.ts'
import { listRunAssets, readRunProblems } from '../../src/store/queries/list-run-assets.ts'
import { listStatusChunks } from '../../src/store/queries/list-status-chunk.ts'
import { listUndecidedAssets } from '../../src/store/queries/list-undecided-assets.ts'
import { findMovablePlaces } from '../../src/store/queries/move-contents.ts'
import { planStatusList } from '../../src/store/queries/plan-status-list.ts'
import { pruneChanges, pruneEvents } from '../../src/store/queries/prune-events.ts'
import { readAssetResult } from '../../src/store/queries/read-asset-result.ts'
import { type AuditQuery, readAudit } from '../../src/store/queries/read-audit.ts'
import { readDueDeliveries } from '../../src/store/queries/read-due-deliveries.ts'
import { readEventBounds, readEvents } from '../../src/store/queries/read-events.ts'
import { readRunLog } from '../../src/store/queries/read-run-log.ts'
import { listStatusListChunks } from '../../src/store/queries/read-status-list.ts'
import { readUpload } from '../../src/store/queries/read-upload.ts'
import { removeAssets } from '../../src/store/queries/remove-assets.ts'
import { reprocessAssets } from '../../src/store/queries/reprocess-assets.ts'
import { findUntriedRange, repeatFailedDeliveries } from '../../src/store/queries/request-deliveries.ts'
import { lockSubtree, longestBelow } from '../../src/store/queries/subtree.ts'
import { sweepPacks } from '../../src/store/queries/sweep-packs.ts'
import { forgetTargetChanges } from '../../src/store/queries/take-target-changes.ts'
import { walkInOrder } from '../../src/store/queries/walk-in-order.ts'
import { withdrawAssets } from '../../src/store/queries/withdraw-run.ts'
import type { Schema } from '../../src/store/schema-types.ts'
import { folderPath, groupPath, root } from '../status/fill-assets.ts'
import { known } from './fill-tables.ts'

type Ask = (trx: Transaction<Schema>) => Promise<unknown>

const folder = folderPath(20, 10)
const nobody = '00000000-0000-4000-8000-ffffffffffff'
const ids = Array.from({ length: 200 }, (_, index) => 1 + index * 37)
const everywhere = [{ lo: `${root}/`, hi: `${root}0` }]
const groups = Array.from({ length: 20 }, (_, index) => groupPath(index * 2))
const someFolders = Array.from({ length: 100 }, (_, index) => folderPath((index % 20) * 2, Math.floor(index / 20) * 4))
const all = { types: null, createdFromMs: null, createdToMs: null, selection: 'all' } as const
const hour = 3_600_000
const ago = (ms: number) => new Date(Date.now() - ms)

const list =
  (filter: AssetFilter, after = '', limit = 100): Ask =>
  (trx) =>
    listAssets(trx, filter, after, limit)
const audit =
  (query: Partial<AuditQuery>): Ask =>
  (trx) =>
    readAudit(trx, { order: 'newest', from: null, limit: 100, ...query })
const statusList =
  (included: readonly string[], excluded: readonly string[]): Ask =>
  async (trx) => {
    await walkInOrder(trx)
    const stretches = await planStatusList(trx, { id: '', included, excluded })
    return listStatusChunks(trx, stretches, { assets: statusListChunkAssets, stretches: statusListChunkStretches }).next()
  }
/** From a place in the log: 0 is its beginning, 1 its end. */
const events =
  (share: number, query: Omit<EventQuery, 'after'>): Ask =>
  async (trx) => {
    const { newest } = await readEventBounds(trx)
    return readEvents(trx, { ...query, after: Math.floor(share * newest) })
  }
/** For what wants to begin transactions of its own. */
const within = (trx: Transaction<Schema>) => ({ transaction: <T>(work: (trx: Transaction<Schema>) => Promise<T>) => work(trx) })

/** What the program asks its database, but for receiving and settling, which have benchmarks of their own. */
export const questions: Readonly<Record<string, Ask>> = {
  'status list: everything': statusList([root], []),
  'status list: 20 subtrees without 100': statusList(groups, someFolders),
  'status list: one folder': statusList([folder], []),
  'status list: 200 assets': async (trx) => {
    const rows = await trx.selectFrom('assay.asset').select('path').where('id', 'in', ids).execute()
    return statusList(
      rows.map(({ path }) => path),
      [],
    )(trx)
  },
  'status job: poll': (trx) => findStatusJobs(trx, [nobody]),
  'status job: pieces': (trx) => listStatusListChunks(trx, nobody),
  'status job: stuck': (trx) => findStuckStatusJobs(trx, hour, 100),
  'status job: expire': (trx) => expireStatusJobs(trx, hour),
  'asset by path': (trx) => findAssetByPath(trx, `${folder}/none.dita`),
  'asset by UUID': (trx) => findAssetByUuid(trx, 'GUID-none'),
  'asset or folder by path': (trx) => findDescribed(trx, folder),
  'asset: result': (trx) => readAssetResult(trx, 500, 1),
  'asset: where used': (trx) => listReferringAssets(trx, foldHash(`${folder}/none.dita`), 100),
  'asset: where used, most used': async (trx) => {
    const hub = await trx.selectFrom('assay.asset').select('fold_hash').where('id', '=', 1).executeTakeFirstOrThrow()
    return listReferringAssets(trx, hub.fold_hash, 100)
  },
  'assets: all, from the start': list({}),
  'assets: all, from a cursor': list({}, `${groupPath(45)}/`),
  'assets: of a folder': list({ folder }),
  'assets: below half of the tree': list({ folder: root }, `${groupPath(25)}/`),
  'assets: of a folder, direct': list({ folder, direct: true }),
  'assets: of the root, direct': list({ folder: root, direct: true }),
  'assets: failed': list({ statuses: ['FAILURE'] }),
  'assets: pending': list({ statuses: ['PENDING'] }),
  'assets: failed in a folder': list({ folder, statuses: ['FAILURE'] }),
  'assets: ignored': list({ ignored: true }),
  'assets: maps': list({ types: ['DITAMAP'] }),
  'assets: by text, rare': list({ text: 'number-0099' }),
  'assets: by text, none': list({ text: 'nowhere at all' }),
  'assets: by problem': list({ code: 'NOT_WELL_FORMED' }),
  'assets: by problem, none': list({ code: 'NEVER' }),
  'assets: 1,000': list({}, '', 1000),
  'folder: children': (trx) => listChildren(trx, folder, 0, 100),
  'folder: children of the root': (trx) => listChildren(trx, root, 0, 100),
  'folder: counts': (trx) => listFolderChildren(trx, folder),
  'folder: counts of the root': (trx) => listFolderChildren(trx, root),
  'events: bounds': (trx) => readEventBounds(trx),
  'events: newest': events(0.999, { limit: 100 }),
  'events: next': events(0.25, { limit: 500 }),
  'events: by type': events(0.25, { limit: 100, types: ['asset.deleted'] }),
  'events: by path': events(0.25, { limit: 100, paths: [folder, groupPath(3)] }),
  'events: of type and path': events(0, { limit: 100, types: ['asset.received'], paths: [folder] }),
  'events: cut off': (trx) => pruneEvents(trx, 40 * hour, 10_000),
  'events: cut off changes': (trx) => pruneChanges(trx, 40 * hour, 10_000),
  'audit: newest': audit({}),
  'audit: by actor': audit({ actors: ['nobody'] }),
  'audit: by path': audit({ paths: [folder] }),
  'audit: since and until': audit({ since: ago(40 * hour), until: ago(20 * hour) }),
  'audit: oldest': audit({ order: 'oldest', since: ago(30 * hour) }),
  token: (trx) => findToken(trx, 'none'),
  'runs: list': (trx) => listRuns(trx, undefined, Number.MAX_SAFE_INTEGER, 20),
  'runs: active': (trx) => listRuns(trx, ['PROCESSING'], Number.MAX_SAFE_INTEGER, 20),
  'run: one': (trx) => findRun(trx, known.run),
  'run: log': (trx) => readRunLog(trx, known.run, 5000, 100),
  'run: assets': (trx) => listRunAssets(trx, known.run, ['succeeded', 'failed'], { number: 100, place: 0 }, 100),
  'run: failed assets': async (trx) =>
    readRunProblems(trx, known.run, await listRunAssets(trx, known.run, ['failed'], { number: 0, place: 0 }, 100)),
  'run: candidates': (trx) =>
    findRunCandidates(trx, everywhere, { ...all, receivedBefore: new Date() }, { assets: 500, looked: runScanAssets }),
  'run: failed candidates': (trx) =>
    findRunCandidates(trx, everywhere, { ...all, selection: 'failed', receivedBefore: new Date() }, { assets: 500, looked: runScanAssets }),
  'run: count': (trx) =>
    countRun(within(trx), [{ lo: `${groupPath(10)}/`, hi: `${groupPath(12)}0` }], { ...all, receivedBefore: new Date() }),
  'run: count exclusions': (trx) => countExcluded(within(trx), { path: root, excluded: someFolders }),
  'run: ignored': (trx) => listIgnoredPaths(trx, everywhere, runScanAssets),
  'run: follow': (trx) => followRun(trx, known.run, 190),
  'run: failures': (trx) =>
    readFailures(
      trx,
      known.run,
      [1, 51, 101].map((place) => ({ number: 3, place })),
    ),
  'run: mark': (trx) => reprocessAssets(trx, ids),
  'run: withdraw': (trx) => withdrawAssets(trx, known.run, 190),
  'run: unprocessed': (trx) => hasUnprocessed(trx, new Date()),
  'webhooks: claim': (trx) => claimWebhooks(trx, known.worker, 2000, false),
  'webhooks: positions': (trx) => saveWebhookPositions(trx, known.worker, new Map([[known.webhook, 10]])),
  'webhook: due': (trx) => readDueDeliveries(trx, known.worker, known.webhook, 100),
  'webhook: deliveries': (trx) => listDeliveries(trx, known.webhook, { before: null, limit: 100 }),
  'webhook: older deliveries': (trx) => listDeliveries(trx, known.webhook, { before: 500, limit: 100 }),
  'webhook: failed deliveries': (trx) => listDeliveries(trx, known.webhook, { before: null, status: 'FAILURE', limit: 100 }),
  'webhook: one delivery': (trx) => findDelivery(trx, known.webhook, 10),
  'webhook: repeat failed': (trx) => repeatFailedDeliveries(trx, known.webhook, ago(hour), 1000),
  'webhook: untried': (trx) => findUntriedRange(trx, known.webhook, ago(20 * hour)),
  'webhooks: forget': (trx) => forgetDeliveries(trx, hour, 1000, 1000),
  'processing: claim': (trx) =>
    claimAssets(
      trx,
      ids.map((id) => ({ id, revision: 1 })),
    ),
  'processing: targets': async (trx) => {
    const rows = await trx.selectFrom('assay.asset').select('fold_hash').where('id', 'in', ids).execute()
    return findTargets(
      trx,
      rows.map((row) => row.fold_hash),
      new Set(),
    )
  },
  'processing: referrers of the most used': async (trx) => {
    const hub = await trx.selectFrom('assay.asset').select('fold_hash').where('id', '=', 1).executeTakeFirstOrThrow()
    return findReferrers(trx, [{ target: hub.fold_hash, existence: true }], 5000, 500)
  },
  'processing: references': (trx) => readReferences(trx, ids),
  'processing: relays': (trx) => findContentRelays(trx, [1, 2, 3]),
  'processing: forget changes': (trx) => forgetTargetChanges(trx, ids),
  'rules: undecided': (trx) => listUndecidedAssets(trx, [root], `${groupPath(10)}/`, 2000),
  'tree: folders': (trx) => ensureFolders(trx, [parseAssetPath(`${folder}/new`)]),
  'tree: lock a subtree': (trx) => lockSubtree(trx, folder),
  'tree: longest path': (trx) => longestBelow(trx, folder),
  'tree: remove a folder': (trx) => removeAssets(trx, parseAssetPath(folder)),
  'contents: packs': (trx) => sweepPacks(trx, { after: 100, graceMs: 0, limit: 100, maxMovedBytes: 1_000_000 }),
  'contents: places': (trx) => findMovablePlaces(trx, [5, 6]),
  'contents: blobs': (trx) => findReferredBlobs(trx, ['one', 'two']),
  'uploads: parts': (trx) => readUpload(trx, nobody),
  'uploads: expire': (trx) => expireUploads(trx, hour),
}
