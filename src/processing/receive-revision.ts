import { foldKey } from '../model/fold-hash.ts'
import { maxGroupCommitAssets, maxGroupCommitBytes, maxUploadBytes, minBesideGroupBytes } from '../model/limits.ts'
import type { BlobStore } from './content-ports.ts'
import { createGroupCommit } from './group-commit.ts'
import { type AssetStore, type IncomingAsset, PartlyReceivedError, type Receipt } from './ports.ts'
import { type TakenContent, takeInContent } from './take-in-content.ts'

/** A content on its way in: a body that is read now, or one that was taken in before. */
export type Upload = Pick<IncomingAsset, 'path' | 'mediaType' | 'onConflict' | 'precondition' | 'upload' | 'remark'> & {
  /** Who sends it, as events name them. */
  readonly actor: string
} & (
    | {
        readonly body: AsyncIterable<Uint8Array>
        /** What the sender announced; a body of another length is refused with `IncompleteBodyError`. */
        readonly expectedBytes?: number | undefined
      }
    | { readonly taken: TakenContent }
  )

/** Receives one revision; settles after its commit. `sha256` is that of the content that was sent. */
export type ReceiveRevision = (upload: Upload) => Promise<Receipt & { readonly sha256: Uint8Array }>

/**
 * Reads a body while hashing it, keeps small contents in memory for the group commit, streams larger ones to the blob store, and commits.
 * When the promise resolves, content, asset, event and queue job are durable.
 */
export function createReceiveRevision(store: AssetStore, blobs: BlobStore): ReceiveRevision {
  const commit = createGroupCommit<IncomingAsset, Receipt>((assets) => receiveEach(store, assets), {
    maxItems: maxGroupCommitAssets,
    maxBytes: maxGroupCommitBytes,
    besideBytes: minBesideGroupBytes,
    sizeOf: (asset) => ('bytes' in asset.content ? asset.content.bytes.length : 0),
    keyOf: (asset) => foldKey(asset.path),
  })
  return async (upload) => {
    const taken = 'taken' in upload ? upload.taken : await takeInContent({ ...upload, limitBytes: maxUploadBytes }, blobs)
    const { content, size, sha256 } = taken
    const { path, mediaType, onConflict, precondition, upload: id, remark, actor } = upload
    return { ...(await commit({ path, mediaType, onConflict, precondition, upload: id, remark, actor, content, size, sha256 })), sha256 }
  }
}

async function receiveEach(store: AssetStore, assets: readonly IncomingAsset[]): Promise<readonly (Receipt | Error)[]> {
  try {
    return await store.receive(assets)
  } catch (error) {
    if (!(error instanceof PartlyReceivedError)) throw error
    return assets.map((asset) => error.receipts.get(asset) ?? error.cause)
  }
}
