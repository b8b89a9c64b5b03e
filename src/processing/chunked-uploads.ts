import { createHash } from 'node:crypto'
import type { AssetPath } from '../model/asset-path.ts'
import { pathKey } from '../model/asset-path.ts'
import type { BlobStore } from './content-ports.ts'
import { IncompleteUploadError } from './direct-uploads.ts'
import { joinParts } from './join-parts.ts'
import type { Receipt } from './ports.ts'
import type { ReceiveRevision } from './receive-revision.ts'
import type { TakenContent } from './take-in-content.ts'
import type { UploadStore } from './upload-ports.ts'

/** A piece of a file that is sent in order, in requests of their own. */
export interface Chunk {
  readonly path: AssetPath
  readonly mediaType: string
  /** Who sends it, as events name them. */
  readonly actor: string
  /** Place of its first byte in the file. */
  readonly offset: number
  /** Bytes of the whole file. */
  readonly total: number
  readonly taken: TakenContent
}

/** Keeps a chunk; the last one gives the receipt of the file. A last one that comes again, because its answer was lost, changes nothing. */
export type ReceiveChunk = (chunk: Chunk) => Promise<Receipt | 'kept' | 'repeated'>

/**
 * Files that come chunk by chunk have no token: path and length say which file a chunk is of, and a chunk at 0 begins it anew. Chunks are
 * kept as parts by their offset, so they survive a restart. Rejects with {@link IncompleteUploadError} for a chunk whose turn it is not.
 */
export function createChunkedUploads(store: UploadStore, receive: ReceiveRevision, blobs: BlobStore): ReceiveChunk {
  return async ({ path, mediaType, actor, offset, total, taken }) => {
    const upload = uploadOf(path, total)
    if (offset === 0) await store.forgetUpload(upload)
    const before = await store.readUpload(upload)
    if (before.completed) return 'repeated'
    const end = before.parts.reduce((sum, part) => (part.number === sum ? sum + part.size : sum), 0)
    if (offset > end) throw new IncompleteUploadError(`The chunk begins at ${offset}, and there are only ${end} bytes before it.`)
    if (offset + taken.size > total) throw new IncompleteUploadError(`The chunk ends at ${offset + taken.size}, after the end of the file.`)
    await store.keepParts([{ upload, number: offset, ...taken }])
    if (offset + taken.size < total) return 'kept'
    const { parts } = await store.readUpload(upload)
    const joined = await joinParts(parts, store, blobs)
    if (joined.size !== total) throw new IncompleteUploadError(`The chunks have ${joined.size} bytes together, ${total} were announced.`)
    return receive({ path, mediaType, onConflict: 'overwrite', upload, actor, taken: joined })
  }
}

/** A UUID that is the same for all chunks of a file. */
function uploadOf(path: AssetPath, total: number): string {
  const hex = createHash('sha256')
    .update(`chunks\n${total}\n${pathKey(path)}`)
    .digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
