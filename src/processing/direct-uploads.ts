import type { AssetPath } from '../model/asset-path.ts'
import { maxGroupCommitAssets, maxGroupCommitBytes } from '../model/limits.ts'
import type { BlobStore } from './content-ports.ts'
import { createGroupCommit } from './group-commit.ts'
import { joinParts } from './join-parts.ts'
import type { Receipt } from './ports.ts'
import type { ReceiveRevision } from './receive-revision.ts'
import { type IncomingBody, type TakenContent, takeInContent } from './take-in-content.ts'
import type { IncomingPart, StoredPart, UploadStore } from './upload-ports.ts'

/** The parts that have come are not what was announced. `message` says what is missing. The parts that are there stay. */
export class IncompleteUploadError extends Error {
  override readonly name = 'IncompleteUploadError'
}

/** A part of a direct upload on its way in: a body that is read now, or one that was taken in before. */
export type PartUpload = { readonly upload: string; readonly number: number } & (IncomingBody | { readonly taken: TakenContent })

/** The end of a direct upload: its parts become one revision. */
export interface Completion {
  readonly upload: string
  readonly path: AssetPath
  readonly size: number
  readonly mediaType: string
  /** JSON that is kept with the event of the revision. */
  readonly remark: string
  /** Who completes it, as events name them. */
  readonly actor: string
}

/** Uploads in parts, which may come in any order and more than once, before they are completed. */
export interface DirectUploads {
  /** Keeps a part; when the promise resolves, it is durable. */
  receivePart(part: PartUpload): Promise<void>
  /** Receives the parts as one revision. An upload that was completed before gives `null`, or a receipt that is `skipped`. */
  complete(completion: Completion): Promise<Receipt | null>
}

/** Parts are committed in groups, as revisions are. A part that is all of its upload is not read again when it is completed. */
export function createDirectUploads(store: UploadStore, receive: ReceiveRevision, blobs: BlobStore): DirectUploads {
  const keep = createGroupCommit<IncomingPart, void>(
    async (parts) => {
      await store.keepParts(parts)
      return []
    },
    {
      maxItems: maxGroupCommitAssets,
      maxBytes: maxGroupCommitBytes,
      sizeOf: ({ content }) => ('bytes' in content ? content.bytes.length : 0),
      keyOf: ({ upload, number }) => `${upload} ${number}`,
    },
  )
  return {
    async receivePart(part) {
      const { upload, number } = part
      const { content, size, sha256 } = 'taken' in part ? part.taken : await takeInContent(part, blobs)
      await keep({ upload, number, content, size, sha256 })
    },
    async complete({ upload, path, size, mediaType, remark, actor }) {
      const { completed, parts } = await store.readUpload(upload, size)
      if (completed) return null
      requireWhole(parts, size)
      const taken = await joinParts(parts, store, blobs)
      return receive({ path, mediaType, onConflict: 'overwrite', upload, remark, actor, taken })
    },
  }
}

function requireWhole(parts: readonly StoredPart[], size: number): void {
  const missing = parts.findIndex((part, index) => part.number !== index)
  if (missing >= 0) throw new IncompleteUploadError(`Part ${missing} has not come: send it, then complete the upload.`)
  const present = parts.reduce((sum, part) => sum + part.size, 0)
  if (present !== size) {
    throw new IncompleteUploadError(
      `The parts have ${present} bytes together, ${size} were announced: send what is missing, or begin anew.`,
    )
  }
}
