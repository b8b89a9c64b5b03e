import { blobSlices, sweptPackBytes, sweptPacks } from '../model/limits.ts'
import type { ContentSweep } from '../processing/content-sweep-port.ts'
import type { DatabaseConnection } from './database.ts'
import { findReferredBlobs } from './queries/find-referred-blobs.ts'
import { lockBlobs } from './queries/lock-blobs.ts'
import { readCursor, writeCursor } from './queries/sweep-cursor.ts'
import { sweepPacks } from './queries/sweep-packs.ts'

/** Blobs removed in one transaction, which holds a lock for each. */
const lockedBlobs = 100

/** What a sweep of contents needs of the database. Where it has come to is remembered there, for all processes together. */
export function createContentSweep(database: DatabaseConnection): ContentSweep {
  return {
    async nextBlobSlice() {
      const slice = await readCursor(database.kysely, 'blobs')
      // Before it is swept: one that cannot be must not keep the others from it.
      await writeCursor(database.kysely, 'blobs', (slice + 1) % blobSlices)
      return slice
    },
    async removeUnreferredBlobs(keys, remove) {
      const referred = await findReferredBlobs(database.kysely, keys)
      const orphans = keys.filter((key) => !referred.has(key))
      for (let at = 0; at < orphans.length; at += lockedBlobs) {
        const some = orphans.slice(at, at + lockedBlobs)
        // The embedded database has one process, which writes and removes a blob one after the other, and no time for slow transactions.
        if (database.engine === 'pglite') await remove(some)
        else
          await database.transaction(async (trx) => {
            await lockBlobs(trx, some)
            const meanwhile = await findReferredBlobs(trx, some)
            await remove(some.filter((key) => !meanwhile.has(key)))
          })
      }
      return orphans.length
    },
    sweepPacks: (graceMs) =>
      database.transaction(async (trx) => {
        const after = await readCursor(trx, 'packs')
        const { last, removed } = await sweepPacks(trx, { after, graceMs, limit: sweptPacks, maxMovedBytes: sweptPackBytes })
        await writeCursor(trx, 'packs', last)
        return removed
      }),
  }
}
