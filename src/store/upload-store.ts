import type { BlobStore, UploadStore } from '../processing/ports.ts'
import type { DatabaseConnection } from './database.ts'
import { expireUploads } from './queries/expire-uploads.ts'
import { forgetUpload } from './queries/forget-upload.ts'
import { keepParts } from './queries/keep-parts.ts'
import { holdBlobs } from './queries/lock-blobs.ts'
import { readPackPart } from './queries/read-content.ts'
import { readUpload } from './queries/read-upload.ts'

/** Direct uploads that are under way, in the database. `sharedBlobs`: where other nodes may remove blobs. */
export function createUploadStore(database: DatabaseConnection, sharedBlobs?: Pick<BlobStore, 'isThere'>): UploadStore {
  return {
    async keepParts(parts) {
      if (!sharedBlobs) return keepParts(database.kysely, parts)
      await database.transaction(async (trx) => {
        await holdBlobs(trx, sharedBlobs, parts)
        await keepParts(trx, parts)
      })
    },
    readUpload: (upload) => readUpload(database.kysely, upload),
    async readPackedPart({ content, size, number }) {
      const bytes = 'pack' in content ? await readPackPart(database.kysely, content.pack, content.offset, size) : null
      if (!bytes) throw new Error(`Part ${number} of an upload is not in its pack.`)
      return bytes
    },
    forgetUpload: (upload) => database.transaction((trx) => forgetUpload(trx, upload)),
    expireUploads: (ageMs) => expireUploads(database.kysely, ageMs),
  }
}
