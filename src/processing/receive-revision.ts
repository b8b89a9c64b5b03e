import { createHash } from 'node:crypto'
import type { AssetPath } from '../model/asset-path.ts'
import { foldKey } from '../model/fold-hash.ts'
import { maxGroupCommitAssets, maxGroupCommitBytes, maxInlineContentBytes, maxUploadBytes } from '../model/limits.ts'
import { createGroupCommit } from './group-commit.ts'
import type { AssetStore, BlobStore, IncomingAsset, Precondition, Receipt } from './ports.ts'

/** A content on its way in. */
export interface Upload {
  readonly path: AssetPath
  readonly body: AsyncIterable<Uint8Array>
  readonly mediaType: string
  readonly onConflict: IncomingAsset['onConflict']
  readonly precondition?: Precondition | undefined
  /** What the sender announced; a body of another length is refused with {@link IncompleteBodyError}. */
  readonly expectedBytes?: number | undefined
}

/** The body ended before, or went on after, the announced length. Nothing was stored. */
export class IncompleteBodyError extends Error {
  override readonly name = 'IncompleteBodyError'
}

/** Receives one revision; settles after its commit. `sha256` is that of the content that was sent. */
export type ReceiveRevision = (upload: Upload) => Promise<Receipt & { readonly sha256: Uint8Array }>

/**
 * Reads a body while hashing it, keeps small contents in memory for the group commit, streams larger ones to the blob store, and commits.
 * When the promise resolves, content, asset, event and queue job are durable.
 */
export function createReceiveRevision(store: AssetStore, blobs: BlobStore): ReceiveRevision {
  const commit = createGroupCommit<IncomingAsset, Receipt>((assets) => store.receive(assets), {
    maxItems: maxGroupCommitAssets,
    maxBytes: maxGroupCommitBytes,
    sizeOf: (asset) => ('bytes' in asset.content ? asset.content.bytes.length : 0),
    keyOf: (asset) => foldKey(asset.path),
  })
  return async (upload) => {
    const content = await takeIn(upload, blobs)
    const { path, mediaType, onConflict, precondition } = upload
    const receipt = await commit({ path, mediaType, onConflict, precondition, ...content })
    return { ...receipt, sha256: content.sha256 }
  }
}

async function takeIn(upload: Upload, blobs: BlobStore): Promise<Pick<IncomingAsset, 'content' | 'size' | 'sha256'>> {
  const iterator = upload.body[Symbol.asyncIterator]()
  const head: Uint8Array[] = []
  let size = 0
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    head.push(next.value)
    size += next.value.length
    if (size > maxInlineContentBytes) return toBlob(upload, chain(head, iterator), blobs)
  }
  requireLength(upload, size)
  const bytes = head.length === 1 ? head[0]! : Buffer.concat(head, size)
  return { content: { bytes }, size, sha256: createHash('sha256').update(bytes).digest() }
}

async function toBlob(upload: Upload, body: AsyncIterable<Uint8Array>, blobs: BlobStore) {
  const blob = await blobs.write(checkedLength(upload, body), maxUploadBytes)
  return { content: { blob: blob.key }, size: blob.size, sha256: blob.sha256 }
}

async function* chain(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  yield* head
  try {
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}

/** Throws at the end of a body of the wrong length, so that the blob store gives the unfinished blob up. */
async function* checkedLength(upload: Upload, body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let size = 0
  for await (const piece of body) {
    size += piece.length
    yield piece
  }
  requireLength(upload, size)
}

function requireLength(upload: Upload, size: number): void {
  if (upload.expectedBytes !== undefined && upload.expectedBytes !== size) {
    throw new IncompleteBodyError(`The body has ${size} bytes, ${upload.expectedBytes} were announced: send it again.`)
  }
}
