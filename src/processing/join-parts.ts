import { maxUploadBytes } from '../model/limits.ts'
import type { BlobStore } from './content-ports.ts'
import { type TakenContent, takeInContent } from './take-in-content.ts'
import type { StoredPart, UploadStore } from './upload-ports.ts'

/** The content that parts are together, in the order given. A single one is not read again. */
export async function joinParts(parts: readonly StoredPart[], store: UploadStore, blobs: BlobStore): Promise<TakenContent> {
  if (parts.length === 1) return parts[0]!
  return takeInContent({ body: readParts(parts, store, blobs), limitBytes: maxUploadBytes }, blobs)
}

async function* readParts(parts: readonly StoredPart[], store: UploadStore, blobs: BlobStore): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if ('blob' in part.content) yield* await blobs.read(part.content.blob)
    else yield await store.readPackedPart(part)
  }
}
