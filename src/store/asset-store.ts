import type { BlobStore } from '../processing/content-ports.ts'
import { type AssetStore, type IncomingAsset, PartlyReceivedError, type Receipt, type Settlement } from '../processing/ports.ts'
import type { DatabaseConnection } from './database.ts'
import { DatabaseUnavailableError } from './database-errors.ts'
import type { JobSender } from './job-sender.ts'
import type { Packs } from './packs.ts'
import { PathRuleBook } from './path-rule-book.ts'
import { claimAssets, releaseAssets } from './queries/claim-assets.ts'
import { createFolder } from './queries/create-folder.ts'
import { findContentRelays } from './queries/find-content-relays.ts'
import { findReferrers, readReferences } from './queries/find-referrers.ts'
import { findTargets } from './queries/find-targets.ts'
import { holdBlobs } from './queries/lock-blobs.ts'
import { receiveAssets } from './queries/receive-assets.ts'
import { type ReceivedNewAssets, receiveNewAssets } from './queries/receive-new-assets.ts'
import { removeAssets } from './queries/remove-assets.ts'
import { saveResolutions } from './queries/save-resolutions.ts'
import { settleAssets } from './queries/settle-assets.ts'
import { areNewAndSmall, settleNewAssets } from './queries/settle-new-assets.ts'
import { forgetTargetChanges, takeTargetChanges } from './queries/take-target-changes.ts'
import { takeWaitingOrders } from './queries/take-waiting-orders.ts'

/** Two nodes can meet at a path this often in a row only if a program uploads one name from many clients at once. */
const receiveTries = 10

/** What the store of assets works with. */
export interface AssetStoreOptions {
  readonly packs: Packs
  /** Where other nodes may remove blobs. */
  readonly sharedBlobs?: Pick<BlobStore, 'sizeOf'> | undefined
  /** Told how many more orders wait, and sees to it that `sendWaitingOrders` is called. Without it they are sent at once. */
  readonly onOrdersWait?: (count: number) => void
}

/** The assets in the database. Each method is one transaction; work is enqueued in the transaction that causes it. */
export function createAssetStore(database: DatabaseConnection, jobs: JobSender, options: AssetStoreOptions): AssetStore {
  const isAlone = database.engine === 'pglite'
  const waiting = new WaitingJobs(database, jobs)
  const sendWaitingOrders = () => waiting.send()
  const { packs, sharedBlobs, onOrdersWait = sendWaitingOrders } = options
  const parts = { database, jobs, packs, sharedBlobs, onOrdersWait, rulesBook: new PathRuleBook(database) }
  return {
    receive: (assets) => (isAlone ? receiveEmbedded(parts, waiting, assets) : receiveTogether(parts, assets)),
    sendWaitingOrders,
    remove: (path, removal) =>
      database.transaction(async (trx) => {
        const removed = await removeAssets(trx, path, removal)
        if (removed && removed.assets > 0) await jobs.sendResolve(trx)
        return removed
      }),
    createFolder: (path, options) => database.transaction((trx) => createFolder(trx, path, options)),
    claim: (orders) => database.statement((db) => claimAssets(db, orders, isAlone)),
    readPacked: packs.readContents,
    settle: (settlements) =>
      isAlone && areNewAndSmall(settlements)
        ? settleNew(parts, waiting, settlements)
        : database.transaction(async (trx) => {
            const { current, targetsChanged } = await settleAssets(trx, settlements, isAlone)
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
    async saveResolutions(resolutions, completes) {
      if (resolutions.length > 0) {
        return database.transaction(async (trx) => {
          const written = await saveResolutions(trx, resolutions)
          if (completes) await jobs.complete(trx, completes)
          return written
        })
      }
      // By itself, without a transaction in which the database waits for the next statement.
      if (completes) await database.statement((db) => jobs.complete(db, completes))
      return 0
    },
  }
}

/** What becomes jobs together: the orders that are stored, and a resolving pass, which after a crash the next sweep sends. */
class WaitingJobs {
  readonly #database: DatabaseConnection
  readonly #jobs: JobSender
  #withResolve = false

  constructor(database: DatabaseConnection, jobs: JobSender) {
    this.#database = database
    this.#jobs = jobs
  }

  addResolve(): void {
    this.#withResolve = true
  }

  async send(): Promise<void> {
    const withResolve = this.#withResolve
    this.#withResolve = false
    try {
      await this.#database.transaction(async (trx) => {
        const orders = await takeWaitingOrders(trx)
        // One after the other, without waiting in between.
        await Promise.all([orders.length > 0 && this.#jobs.sendPostProcess(trx, orders), withResolve && this.#jobs.sendResolve(trx)])
      })
    } catch (error) {
      this.#withResolve ||= withResolve
      throw error
    }
  }
}

interface ReceivingParts extends Pick<AssetStoreOptions, 'packs' | 'sharedBlobs'> {
  readonly onOrdersWait: (count: number) => void | Promise<void>
  readonly database: DatabaseConnection
  readonly jobs: JobSender
  readonly rulesBook: PathRuleBook
}

/** For the one process on its database, beside which nobody is: what is new in one statement, the rest after it. */
async function receiveEmbedded(parts: ReceivingParts, waiting: WaitingJobs, assets: readonly IncomingAsset[]): Promise<Receipt[]> {
  const { receipts, targetsChanged } = await receiveAlone(parts, assets).catch(async (error: unknown) => {
    // It may have been done all the same, and the sender who repeats it is told that nothing is new: nobody else sees to its orders.
    if (error instanceof DatabaseUnavailableError) {
      waiting.addResolve()
      await parts.onOrdersWait(assets.length)
    }
    throw error
  })
  const others = assets.filter((asset) => !receipts.has(asset))
  try {
    if (targetsChanged) waiting.addResolve()
    if (receipts.size > 0) await parts.onOrdersWait(receipts.size)
    const rest = others.length > 0 ? (await receiveTogether(parts, others)).values() : [].values()
    return assets.map((asset) => receipts.get(asset) ?? rest.next().value!)
  } catch (error) {
    // What is stored stays so: its orders wait until the next start, its changes of targets until the next pass.
    if (receipts.size === 0 || !(error instanceof Error)) throw error
    throw new PartlyReceivedError(receipts, error)
  }
}

/** First results, for the one process on its database. */
async function settleNew(
  { database, onOrdersWait }: ReceivingParts,
  waiting: WaitingJobs,
  settlements: readonly Settlement[],
): Promise<ReadonlySet<number>> {
  let mayChangeTargets = true
  try {
    const { current, targetsChanged } = await settleNewAssets(database.kysely, settlements)
    mayChangeTargets = targetsChanged
    return current
  } finally {
    // Where it failed it may have been done all the same.
    if (mayChangeTargets) {
      waiting.addResolve()
      await onOrdersWait(0)
    }
  }
}

/** Those that are new, without any other transaction at the same time. */
function receiveAlone({ database, packs, rulesBook }: ReceivingParts, assets: readonly IncomingAsset[]): Promise<ReceivedNewAssets> {
  return rulesBook.use(async ({ version, ignoredOf }) => {
    const ignored = await ignoredOf(assets.map(({ path }) => path))
    return receiveNewAssets(database.kysely, assets, { version, ignored }, packs)
  })
}

/** Whatever is at the paths, with the queue jobs, in one transaction. */
function receiveTogether({ database, jobs, sharedBlobs, rulesBook }: ReceivingParts, assets: readonly IncomingAsset[]): Promise<Receipt[]> {
  return rulesBook.use(async (rules) => {
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
  })
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
