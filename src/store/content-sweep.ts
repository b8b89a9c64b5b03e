import { blobSlices, sweptPackBytes, sweptPacks } from '../model/limits.ts'
import type { ContentSweep } from '../processing/content-sweep-ports.ts'
import type { DatabaseConnection } from './database.ts'
import type { Packs } from './packs.ts'
import { findReferredBlobs } from './queries/find-referred-blobs.ts'
import { lockBlobs } from './queries/lock-blobs.ts'
import { findMovablePlaces, moveContents } from './queries/move-contents.ts'
import { readCursor, writeCursor } from './queries/sweep-cursor.ts'
import { sweepPacks } from './queries/sweep-packs.ts'

/** Blobs removed in one transaction, which holds a lock for each. */
const lockedBlobs = 100

/** What a sweep of contents needs of the database. Where it has come to is remembered there, for all processes together. */
export function createContentSweep(database: DatabaseConnection, packs: Packs): ContentSweep {
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
    async sweepPacks(graceMs) {
      const { removed, sparse } = await database.transaction(async (trx) => {
        const after = await readCursor(trx, 'packs')
        const swept = await sweepPacks(trx, { after, graceMs, limit: sweptPacks, maxMovedBytes: sweptPackBytes })
        await writeCursor(trx, 'packs', swept.last)
        return swept
      })
      if (sparse.length > 0) await fillNewPack(database, packs, sparse)
      return removed
    },
  }
}

/**
 * Moves the contents of sparse packs together into a new one. Those packs are removed the next time round, so that whoever has just read a place
 * still finds the content there.
 */
async function fillNewPack(database: DatabaseConnection, packs: Packs, sparse: readonly number[]): Promise<void> {
  const places = await findMovablePlaces(database.kysely, sparse)
  const wanted = places.map(({ pack, offset, size }, id) => ({ id, size, content: { pack, offset } }))
  const contents = await packs.readContents(wanted)
  for (const [id, { pack, size }] of places.entries()) {
    const found = contents.get(id)?.length ?? 0
    if (found !== size) throw new Error(`Pack ${pack} holds ${found} bytes of a content of ${size}.`)
  }
  if (places.length === 0) return
  const columns = await packs.place(Buffer.concat(places.map((_, id) => contents.get(id)!)))
  await database.transaction((trx) => moveContents(trx, places, columns))
}
