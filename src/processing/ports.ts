/**
 * What the use cases need from outside. The adapters in `store/`, `queue/`, `blobs/` and `threads/` implement these; `app.ts` connects
 * them. Nothing here names a database, a queue, HTTP or threads. Here are assets and their reading; what else there is, is in the
 * `…-ports.ts` beside this file.
 */
import type { AssetPath } from '../model/asset-path.ts'
import type { AssetType } from '../model/asset-type.ts'
import type { NewContent, StoredContent } from './content-ports.ts'
import type { StoredText } from './stored-text.ts'

/** Who makes a change, as its event names them; `undefined`: the product itself. */
export type Actor = string | undefined

/** A content that was read to its end and hashed, and is about to be received. */
export interface IncomingAsset {
  readonly path: AssetPath
  readonly size: number
  readonly sha256: Uint8Array
  /** The bytes themselves (at most `maxInlineContentBytes`), or where they are durable already. */
  readonly content: NewContent
  readonly mediaType: string
  /** What to do when an asset is at the path: `overwrite` with a new revision, `skip` it, or `fail` with a conflict. */
  readonly onConflict: 'overwrite' | 'skip' | 'fail'
  readonly precondition?: Precondition | undefined
  /** The direct upload that this completes: at the second time it is `skipped`, and its parts are forgotten in the same commit. */
  readonly upload?: string | undefined
  /** JSON that is kept with the event of the revision: what the sender said about it. */
  readonly remark?: string | undefined
  readonly actor?: Actor
}

/**
 * What a caller demands of the content that is at the path now, (`null`: no asset is there). Asked in the transaction that
 * writes, with the asset locked: of two writers that saw the same content, the second one is refused.
 */
export type Precondition = (current: CurrentContent | null) => boolean

/** What identifies the content of an asset at this moment. */
export interface CurrentContent {
  readonly sha256: Uint8Array
  readonly received_at: Date
}

/**
 * What became of one received content. `unchanged`: the same bytes again, no new revision. `conflict`: nothing was stored, because of
 * `onConflict: 'fail'` or `precondition`, or because a folder has that path or an asset is where a folder would be needed; `uuid` is then empty, `revision` 0.
 */
export interface Receipt {
  /** The stored spelling of the path. */
  readonly path: AssetPath
  readonly uuid: string
  readonly revision: number
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'skipped' | 'conflict'
  /** Why a `conflict`; else `null`. */
  readonly conflict: 'asset-exists' | 'precondition' | 'folder-at-path' | 'asset-above-path' | null
}

/** The asset is not as a {@link Precondition} demands it. Nothing was changed. */
export class PreconditionFailedError extends Error {
  override readonly name = 'PreconditionFailedError'
}

/** A revision that waits for post-processing: what queue jobs carry. */
export interface PostProcessOrder {
  readonly id: number
  readonly revision: number
}

/**
 * A revision that this worker has claimed. `attempts` counts the claims of the revision and fences the result: more than one, and the worker
 * before has died over it, or with it at hand.
 */
export interface ClaimedAsset extends PostProcessOrder, StoredContent {
  readonly path: AssetPath
  /** What it was taken for before it was read. */
  readonly type: AssetType
  /** It has no result of a revision before. */
  readonly isNew: boolean
  readonly attempts: number
}

/** How a queue job is named when its completion must be part of a commit. Made and understood by the queue adapter alone. */
export interface JobClaim {
  readonly queue: string
  readonly jobs: readonly { readonly id: string; readonly retryCount: number }[]
}

/** How a target is used by the most demanding reference to it: a link, one with a fragment, or content or a map that is taken in. */
export const edgeKind = { link: 0, fragment: 1, content: 2 } as const

/** What reading an asset gave, in the form in which it is stored: the thread has serialised everything. */
export interface AssetReading {
  readonly outcome: 'SUCCESS' | 'FAILURE'
  readonly type: AssetType
  readonly mediaType: string
  readonly title: string | null
  /** JSON; see `dita/facts-json.ts`. */
  readonly facts: StoredText
  /** JSON array of `Problem`; the counts are exact where the array was cut. */
  readonly problems: StoredText
  readonly problemCounts: ProblemCounts
  /** Of a FAILURE: what its event says of it, an `EventDetail` as JSON; else `null`. */
  readonly failureDetail: string | null
  /** `encodeReferences`, and `encodeTargets` with its digest (`dita/`). */
  readonly references: StoredText
  readonly targets: StoredText
  readonly targetsDigest: string
  /** Fold hashes of the distinct local targets, and parallel to them how each is used: an {@link edgeKind}. */
  readonly edges: Float64Array
  readonly edgeKinds: Uint8Array
  /** Both as they are stored with the result: `{1,2}`, and a digit for each. */
  readonly edgeList: StoredText
  readonly edgeKindList: StoredText
}

/** How many problems of each severity an asset has. */
export interface ProblemCounts {
  readonly error: number
  readonly warning: number
  readonly info: number
}

/**
 * An asset that references may lead to. While a new revision waits, what is known is the last result: referrers change when that changes.
 * `targetsDigest` is `null` while there is no result at all; `targets` likewise, and where it was not asked for.
 */
export interface TargetAsset {
  readonly id: number
  readonly path: string
  readonly foldHash: number
  readonly type: AssetType
  /** `unreadDigest` where the last result is a FAILURE. */
  readonly targetsDigest: string | null
  readonly targets: StoredText | null
  /** Path rules ignore it, and it has no result of its revision: it is there, and nobody will look into it. */
  readonly unread?: boolean
  /** Its own references, to follow chains and loops; there whenever `targets` is. */
  readonly references: StoredText | null
}

/** The references of one asset to be resolved against `TargetAsset`s. */
export interface ResolveOrder {
  readonly id: number
  readonly path: string
  readonly references: StoredText
  readonly targets: StoredText
}

/** How an asset's references stand: states and problems as stored. */
export interface Resolution {
  readonly id: number
  readonly states: StoredText
  readonly problems: StoredText
  readonly problemCounts: ProblemCounts
  /** Fold hashes of further assets that must be known to follow chains and loops; resolve again with them. Empty when done. */
  readonly wanted: readonly number[]
}

/** A resolution together with the revision whose references were resolved, and where it was then: relative references lead on from there. */
export interface CurrentResolution extends Resolution {
  readonly path: string
  readonly revision: number
}

/** One asset's finished post-processing. */
export interface Settlement {
  readonly claim: ClaimedAsset
  readonly reading: AssetReading
  readonly resolution: Resolution
}

/** A settled asset whose references must be looked at again because a target came, changed or went. */
export interface StoredReferences extends ResolveOrder {
  readonly revision: number
  readonly states: string
  readonly edges: readonly number[]
  readonly edgeKinds: readonly number[]
}

/** Something about the asset at a path changed that references may depend on. */
export interface TargetChange {
  /** Fold hash of the path. */
  readonly target: number
  /** It came, went or changed its type; otherwise only what can be addressed in it changed. */
  readonly existence: boolean
}

/** How to create a folder. */
export interface NewFolder {
  /** Create the folders above it as well. Default: yes. */
  readonly parents?: boolean
  /** JSON of what the caller says about it. */
  readonly properties?: string | null
  readonly actor?: Actor
}

/** Who removes something, and what they demand of it. */
export interface Removal {
  readonly precondition?: Precondition | undefined
  readonly actor?: Actor
}

/** The assets: receiving them, the steps of their post-processing, and their references. */
export interface AssetStore {
  /**
   * Contents, assets, folders, events and the orders to post-process them, durable when the promise resolves: all of a content or nothing.
   * Receipts are in the order given. Rejects with {@link PartlyReceivedError} where some of the contents are received and the others are not.
   */
  receive(assets: readonly IncomingAsset[]): Promise<Receipt[]>
  /** Makes queue jobs of the orders that still wait to be sent. */
  sendWaitingOrders(): Promise<void>
  /**
   * Removes the asset at `path` or all assets and folders below it; `null` when neither is there. One transaction. Rejects with
   * {@link PreconditionFailedError}; a folder has no content.
   */
  remove(path: AssetPath, removal?: Removal): Promise<{ readonly assets: number } | null>
  /** `conflict`: an asset is there or above; `no-parent`: only without `parents`, which creates the folders above as well. */
  createFolder(path: AssetPath, options?: NewFolder): Promise<'created' | 'exists' | 'conflict' | 'no-parent'>

  /** Claims those orders whose revision is still the asset's and not settled. */
  claim(orders: readonly PostProcessOrder[]): Promise<ClaimedAsset[]>
  /** The contents of assets that are kept in packs, by asset id; missing where the pack is gone. */
  readPacked(assets: readonly StoredContent[]): Promise<Map<number, Uint8Array>>
  /**
   * One transaction: results *where path, revision and claim are still the same*, references, events and target changes. Returns the ids of
   * those that were still current.
   */
  settle(settlements: readonly Settlement[]): Promise<ReadonlySet<number>>
  /** Gives claimed revisions back unprocessed (shut-down, database trouble). */
  release(assets: readonly ClaimedAsset[]): Promise<void>
  /** Asks for a pass over the changed targets: those of a pass that failed for the last time would wait for the next change. */
  wakeResolving(): Promise<void>

  /** Assets at the given fold hashes; with target tables for those hashes that are in `withTables`. */
  findTargets(hashes: readonly number[], withTables: ReadonlySet<number>): Promise<TargetAsset[]>
  /** The oldest target changes, at most `limit`; they come again until `done` is called. */
  takeTargetChanges(limit: number): Promise<{ readonly changes: readonly TargetChange[]; done(): Promise<void> }>
  /**
   * Fold hashes of the assets that take content in from one at `hashes`, and from which others take content in: what changes there may close or
   * open a loop of those.
   */
  findContentRelays(hashes: readonly number[]): Promise<number[]>
  /** Results with references that one of the changes can touch, by growing id after `afterId`. */
  findReferrers(changes: readonly TargetChange[], afterId: number, limit: number): Promise<StoredReferences[]>
  /** Stored references of settled assets by id, where the asset has a result of its revision. */
  readReferences(ids: readonly number[]): Promise<StoredReferences[]>
  /**
   * Writes resolutions where the asset still has the revision and the path, and in the same transaction completes the queue job they end, if given.
   * Returns how many were written.
   */
  saveResolutions(resolutions: readonly CurrentResolution[], completes: JobClaim | null): Promise<number>
}

/** Of a group that takes two commits the second has failed. */
export class PartlyReceivedError extends Error {
  override readonly name = 'PartlyReceivedError'
  readonly receipts: ReadonlyMap<IncomingAsset, Receipt>
  /** Why the others were not received. */
  declare readonly cause: Error
  constructor(receipts: ReadonlyMap<IncomingAsset, Receipt>, cause: Error) {
    super(`${receipts.size} of the contents were received.`, { cause })
    this.receipts = receipts
  }
}

/** A content to be read. `bytes` is only the beginning where the content is larger than `maxDocumentBytes`. */
export interface ContentToRead {
  readonly id: number
  readonly path: string
  readonly size: number
  readonly bytes: Uint8Array
}

/** Reads and resolves in threads that can be killed. */
export interface Reader {
  /**
   * Reads each content. Never rejects for what is in a content: one that hangs, crashes or exhausts its thread comes back as a FAILURE
   * with a reason, the others of the batch are read all the same. In the order given.
   */
  read(contents: readonly ContentToRead[]): Promise<AssetReading[]>
  /**
   * Reads contents that may have ended a whole process before, one after the other in a process of their own: whatever ends that one as well, more than
   * once, comes back as a FAILURE with a reason. In the order given. Rejects with the reason of `signal` once that is aborted.
   */
  readApart(contents: readonly ContentToRead[], signal: AbortSignal): Promise<AssetReading[]>
  /** Resolves references against the given targets. In the order given. */
  resolve(orders: readonly ResolveOrder[], targets: readonly TargetAsset[]): Promise<Resolution[]>
  /** A FAILURE for an asset that was not read at all, with the problem of that code; `detail` is a part of a sentence. */
  fail(path: string, code: 'PROCESSING_CRASHED' | 'CONTENT_UNREADABLE', detail: string): AssetReading
}

/** Works for those who look at assets, in a thread of its own. */
export interface Explainer extends Pick<Reader, 'resolve'> {
  /**
   * The source at the places of problems: the line around each place (line and column from 1), cut; `null` where the content has no such place, or could not be looked at. Never
   * rejects for what is in the content.
   */
  cut(
    content: SharedArrayBuffer,
    type: AssetType,
    places: readonly { readonly line: number; readonly column: number }[],
  ): Promise<(string | null)[]>
}
