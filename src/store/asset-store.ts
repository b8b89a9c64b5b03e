import type { AssetStore, BlobStore } from '../processing/ports.ts'
import type { DatabaseConnection } from './database.ts'
import { DatabaseUnavailableError } from './database-errors.ts'
import type { JobSender } from './job-sender.ts'
import { PathRuleBook } from './path-rule-book.ts'
import { claimAssets, releaseAssets } from './queries/claim-assets.ts'
import { createFolder } from './queries/create-folder.ts'
import { findContentRelays } from './queries/find-content-relays.ts'
import { findReferrers, readReferences } from './queries/find-referrers.ts'
import { findTargets } from './queries/find-targets.ts'
import { holdBlobs } from './queries/lock-blobs.ts'
import { readPackedContents } from './queries/read-packed-contents.ts'
import { receiveAssets } from './queries/receive-assets.ts'
import { removeAssets } from './queries/remove-assets.ts'
import { saveResolutions } from './queries/save-resolutions.ts'
import { settleAssets } from './queries/settle-assets.ts'
import { forgetTargetChanges, takeTargetChanges } from './queries/take-target-changes.ts'

/** Two nodes can meet at a path this often in a row only if a program uploads one name from many clients at once. */
const receiveTries = 10

/**
 * The assets in the database. Each method is one transaction; work is enqueued in the transaction that causes it. `sharedBlobs`: where other
 * nodes may remove blobs.
 */
export function createAssetStore(database: DatabaseConnection, jobs: JobSender, sharedBlobs?: Pick<BlobStore, 'isThere'>): AssetStore {
  const rulesBook = new PathRuleBook(database)
  return {
    receive: (assets) =>
      rulesBook.use(async (rules) => {
        const ignored = await rules.ignoredOf(assets.map(({ path }) => path))
        return repeatOnUniqueViolation(() =>
          database.transaction(async (trx) => {
            if (sharedBlobs) await holdBlobs(trx, sharedBlobs, assets)
            const isAlone = database.engine === 'pglite'
            const { receipts, orders, targetsChanged } = await receiveAssets(trx, assets, { rules, ignored }, isAlone)
            // One after the other, without waiting in between.
            await Promise.all([orders.length > 0 && jobs.sendPostProcess(trx, orders), targetsChanged && jobs.sendResolve(trx)])
            return receipts
          }),
        )
      }),
    remove: (path, precondition) =>
      database.transaction(async (trx) => {
        const removed = await removeAssets(trx, path, precondition)
        if (removed && removed.assets > 0) await jobs.sendResolve(trx)
        return removed
      }),
    createFolder: (path, options) => database.transaction((trx) => createFolder(trx, path, options)),
    claim: (orders) => database.transaction((trx) => claimAssets(trx, orders)),
    readPacked: (assets) => readPackedContents(database.kysely, assets),
    settle: (settlements) =>
      database.transaction(async (trx) => {
        const { current, targetsChanged } = await settleAssets(trx, settlements)
        if (targetsChanged) await jobs.sendResolve(trx)
        return current
      }),
    release: (assets) => releaseAssets(database.kysely, assets),
    wakeResolving: () => database.transaction((trx) => jobs.sendResolve(trx)),
    findTargets: (hashes, withTables) => findTargets(database.kysely, hashes, withTables),
    async takeTargetChanges(limit) {
      const { changes, ids } = await takeTargetChanges(database.kysely, limit)
      return { changes, done: () => forgetTargetChanges(database.kysely, ids) }
    },
    findContentRelays: (hashes) => findContentRelays(database.kysely, hashes),
    findReferrers: (changes, afterId, limit) => findReferrers(database.kysely, changes, afterId, limit),
    readReferences: (ids) => readReferences(database.kysely, ids),
    saveResolutions: (resolutions, completes) =>
      database.transaction(async (trx) => {
        const written = await saveResolutions(trx, resolutions)
        if (completes) await jobs.complete(trx, completes)
        return written
      }),
  }
}

/** Another node received the same path, or gave the same UUID, at the same moment: look again and it is there. */
async function repeatOnUniqueViolation<T>(transact: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transact()
    } catch (error) {
      const unique = (error as { code?: unknown }).code === '23505'
      if (!unique) throw error
      if (attempt === receiveTries) throw new DatabaseUnavailableError(`Others took the names ${attempt} times.`, { cause: error })
    }
  }
}
