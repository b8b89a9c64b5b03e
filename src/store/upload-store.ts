import { maxRememberedParts } from '../model/limits.ts'
import type { BlobStore } from '../processing/content-ports.ts'
import type { IncomingPart, StoredPart, UploadStore } from '../processing/upload-ports.ts'
import type { DatabaseConnection } from './database.ts'
import type { Packs } from './packs.ts'
import { expireUploads } from './queries/expire-uploads.ts'
import { forgetUpload } from './queries/forget-upload.ts'
import { keepParts } from './queries/keep-parts.ts'
import { holdBlobs } from './queries/lock-blobs.ts'
import { readUpload } from './queries/read-upload.ts'

/**
 * Direct uploads that are under way, in the database. `sharedBlobs`: where other nodes may remove blobs. Where there are none, the parts kept last
 * are remembered: nearly every upload is one part and is completed at once.
 */
export function createUploadStore(
  database: DatabaseConnection,
  packs: Pick<Packs, 'readPart'>,
  sharedBlobs?: Pick<BlobStore, 'sizeOf'>,
): UploadStore {
  const remembered = new Map<string, StoredPart>()
  return {
    async keepParts(parts) {
      if (!sharedBlobs) return remember(remembered, parts, await keepParts(database.kysely, parts))
      await database.transaction(async (trx) => {
        await holdBlobs(trx, sharedBlobs, parts)
        await keepParts(trx, parts)
      })
    },
    async readUpload(upload, size) {
      const part = remembered.get(upload)
      // Once: who asks again, because the first completion failed or its answer was lost, gets what is stored.
      remembered.delete(upload)
      return part !== undefined && part.size === size ? { completed: false, parts: [part] } : readUpload(database.kysely, upload)
    },
    async readPackedPart({ content, size, number }) {
      const bytes = 'pack' in content ? await packs.readPart(content.pack, content.offset, size) : null
      if (!bytes) throw new Error(`Part ${number} of an upload is not in its pack.`)
      return bytes
    },
    forgetUpload(upload) {
      remembered.delete(upload)
      return database.transaction((trx) => forgetUpload(trx, upload))
    },
    expireUploads(ageMs) {
      remembered.clear()
      return expireUploads(database.kysely, ageMs)
    },
  }
}

/** The first part of an upload may be all of it. The oldest are forgotten. */
function remember(remembered: Map<string, StoredPart>, incoming: readonly IncomingPart[], kept: readonly StoredPart[]): void {
  for (const [index, part] of kept.entries()) if (part.number === 0) remembered.set(incoming[index]!.upload, part)
  for (const upload of remembered.keys()) {
    if (remembered.size <= maxRememberedParts) return
    remembered.delete(upload)
  }
}
