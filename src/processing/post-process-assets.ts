import { mayBeDocument } from '../model/asset-type.ts'
import { foldHash } from '../model/fold-hash.ts'
import { isLargeDocument } from '../model/large-document.ts'
import { maxReadBatchBytes, maxReadBatchDocumentBytes, maxSecondLooks, maxSettleBytes } from '../model/limits.ts'
import type { BlobStore, ContentStoreUnavailableError } from './content-ports.ts'
import {
  type AssetReading,
  type AssetStore,
  type ClaimedAsset,
  edgeKind,
  type JobClaim,
  type PostProcessOrder,
  type Reader,
  type Settlement,
  type TargetAsset,
} from './ports.ts'
import { type PartToRead, readContents } from './read-contents.ts'
import { findChangedTargets, type ResolveInput, resolveReferences, type TreeView } from './resolve-references.ts'

/** What post-processing a batch needs. */
export interface PostProcessPorts {
  readonly store: AssetStore
  readonly blobs: BlobStore
  readonly reader: Reader
  /** Parts of batches with large documents are read and settled one after another: what a next one takes is not there beside what was found in the last. */
  readonly largeInTurn: <T>(task: () => Promise<T>) => Promise<T>
  /** Told of each settled part of a batch, for the log and the metrics. */
  onSettled(settlements: readonly Settlement[]): void
}

/**
 * Post-processes a batch: claims it, reads it in threads, resolves its references, settles it, and in the end completes the queue job
 * together with what changed meanwhile. Safe to repeat at any point: whoever lost its claim writes nothing.
 *
 * Assets that were claimed before and not settled killed their worker, or were at hand when something else did. They are read in a process of
 * their own, which tells the two apart.
 */
export async function postProcessAssets(
  ports: PostProcessPorts,
  orders: readonly PostProcessOrder[],
  completes: JobClaim,
  signal: AbortSignal,
): Promise<void> {
  const claimed = await ports.store.claim(orders)
  const troubles = await processOrRelease(ports, claimed, signal)
  // Those that were read are settled: the next try finds only the others.
  if (troubles.length > 0) throw troubles[0]
  const seen = new Set(claimed.map((asset) => asset.id))
  await finish(
    ports,
    orders.filter((order) => !seen.has(order.id)),
    completes,
  )
}

/** Gives what kept some of the contents from being read; those assets are released. */
async function processOrRelease(
  ports: PostProcessPorts,
  claimed: readonly ClaimedAsset[],
  signal: AbortSignal,
): Promise<ContentStoreUnavailableError[]> {
  const [fresh = [], suspects = []] = [false, true].map((was) => claimed.filter(({ attempts }) => attempts > 1 === was))
  const parts = [...partsBySize(fresh, false), ...partsBySize(suspects, true)]
  const troubles: ContentStoreUnavailableError[] = []
  while (parts.length > 0) {
    try {
      const part = parts[0]!
      const process = () => processPart(ports, part, signal)
      troubles.push(...(await (part.assets.some(isLargeDocument) ? ports.largeInTurn(process) : process())))
    } catch (error) {
      // Where the database is what failed, this fails too: then the retried job finds them claimed, and reads them apart.
      await ports.store.release(parts.flatMap(({ assets }) => assets)).catch(() => undefined)
      throw error
    }
    parts.shift()
  }
  return troubles
}

async function processPart(
  ports: PostProcessPorts,
  part: PartToRead,
  signal: AbortSignal,
): Promise<readonly ContentStoreUnavailableError[]> {
  signal.throwIfAborted()
  const { assets, readings, troubles } = await readContents(ports, part, signal)
  for (let start = 0, end = 0; start < assets.length; start = end) {
    end = endOfGroup(readings, start)
    await settleGroup(ports, assets.slice(start, end), readings.slice(start, end))
  }
  if (troubles.length > 0) await ports.store.release(part.assets)
  return troubles
}

/** Where the readings from `start` on are too large to be settled together: a small content can have a large result. */
function endOfGroup(readings: readonly AssetReading[], start: number): number {
  let bytes = 0
  for (let index = start; index < readings.length; index++) {
    const { facts, problems, references, targets } = readings[index]!
    bytes += facts.length + problems.length + references.length + targets.length
    if (bytes > maxSettleBytes && index > start) return index
  }
  return readings.length
}

async function settleGroup(
  { store, reader, onSettled }: PostProcessPorts,
  part: readonly ClaimedAsset[],
  readings: readonly AssetReading[],
): Promise<void> {
  const inputs = part.map((asset, index) => toResolveInput(asset, readings[index]!))
  const fresh = new Map(part.map((asset, index) => [asset.id, toTarget(asset, readings[index]!)]))
  const { resolutions, view } = await resolveReferences(store, reader, inputs, fresh)
  const settlements = part.map((claim, index) => ({ claim, reading: readings[index]!, resolution: resolutions[index]! }))
  const current = await store.settle(settlements)
  onSettled(settlements.filter((settlement) => current.has(settlement.claim.id)))
  const revisions = part.map((asset) => asset.revision)
  await resolveAgain({ store, reader }, inputs, revisions, view)
}

/**
 * A target that was received or settled between the reading of the tree and the commit did not know these referrers yet. After the commit
 * it does; so one more look, after the commit, misses nothing. What that look writes may itself be older than what a pass over changed
 * targets has written meanwhile: it looks until nothing has changed since it read the tree.
 */
async function resolveAgain(
  { store, reader }: Pick<PostProcessPorts, 'store' | 'reader'>,
  inputs: readonly ResolveInput[],
  revisions: readonly number[],
  view: TreeView,
): Promise<void> {
  for (let look = 0; look < maxSecondLooks; look++) {
    const changed = await findChangedTargets(store, view)
    const touched = inputs.flatMap((input, index) => (isTouched(input, changed) ? [index] : []))
    if (touched.length === 0) return
    inputs = touched.map((index) => inputs[index]!)
    revisions = touched.map((index) => revisions[index]!)
    view = await resolveAndSave({ store, reader }, inputs, revisions)
  }
  throw new Error(`Targets changed during ${maxSecondLooks} looks at the references to them.`)
}

/** A change further away concerns those that a chain or a loop may lead to it. */
function isTouched({ edges, edgeKinds }: ResolveInput, changed: ReadonlySet<number>): boolean {
  return changed.size > 0 && Array.from(edges).some((edge, index) => changed.has(edge) || edgeKinds[index] === edgeKind.content)
}

/** Gives what of the tree they were resolved against. */
async function resolveAndSave(
  { store, reader }: Pick<PostProcessPorts, 'store' | 'reader'>,
  inputs: readonly ResolveInput[],
  revisions: readonly number[],
): Promise<TreeView> {
  const { resolutions, view } = await resolveReferences(store, reader, inputs)
  await store.saveResolutions(
    resolutions.map((resolution, index) => ({ ...resolution, path: inputs[index]!.path, revision: revisions[index]! })),
    null,
  )
  return view
}

/** Completes the job. Orders that were settled already were perhaps settled by a try that died before their second look: they get it now. */
async function finish({ store, reader }: PostProcessPorts, settledBefore: readonly PostProcessOrder[], completes: JobClaim): Promise<void> {
  const ordered = new Map(settledBefore.map((order) => [order.id, order.revision]))
  const stored = (await store.readReferences([...ordered.keys()])).filter((one) => ordered.get(one.id) === one.revision)
  if (stored.length > 0) {
    const revisions = stored.map((one) => one.revision)
    await resolveAgain({ store, reader }, stored, revisions, await resolveAndSave({ store, reader }, stored, revisions))
  }
  await store.saveResolutions([], completes)
}

function toResolveInput(asset: ClaimedAsset, reading: AssetReading): ResolveInput {
  const { references, targets, edges, edgeKinds } = reading
  return { id: asset.id, path: asset.path, references, targets, edges, edgeKinds }
}

function toTarget(asset: ClaimedAsset, reading: AssetReading): TargetAsset {
  const { type, targets, targetsDigest, references } = reading
  return { id: asset.id, path: asset.path, foldHash: foldHash(asset.path), type, targetsDigest, targets, references }
}

/** The small ones first: they need not wait for the large ones, and of those no two are at hand at once. */
function partsBySize(assets: readonly ClaimedAsset[], areSuspects: boolean): PartToRead[] {
  const parts: ClaimedAsset[][] = []
  const bySize = assets.map((asset) => ({ asset, share: shareOf(asset) })).sort((one, other) => one.share - other.share)
  let taken = Number.POSITIVE_INFINITY
  for (const { asset, share } of bySize) {
    if (taken + share > 1) {
      parts.push([])
      taken = 0
    }
    parts.at(-1)!.push(asset)
    taken += share
  }
  return parts.map((part) => ({ assets: part, areSuspects }))
}

/** Which part of the memory for what is at hand it takes, as far as its size and name tell: what is found in a document can be larger than itself. */
function shareOf({ path, size }: ClaimedAsset): number {
  return size / (mayBeDocument(path) ? maxReadBatchDocumentBytes : maxReadBatchBytes)
}
