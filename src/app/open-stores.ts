import type { OperatorLog } from '../observe/operator-log.ts'
import type { BlobStore } from '../processing/content-ports.ts'
import type { ContentSweep } from '../processing/content-sweep-ports.ts'
import { gatherOrders, type OrderGathering } from '../processing/gather-orders.ts'
import type { PathRuleStore } from '../processing/path-rule-ports.ts'
import type { AssetStore } from '../processing/ports.ts'
import type { RunStore } from '../processing/run-ports.ts'
import type { StatusJobStore } from '../processing/status-job-ports.ts'
import type { UploadStore } from '../processing/upload-ports.ts'
import { createAssetStore } from '../store/asset-store.ts'
import { createContentSweep } from '../store/content-sweep.ts'
import type { DatabaseConnection } from '../store/database.ts'
import type { JobSender } from '../store/job-sender.ts'
import { createPacks, type Packs } from '../store/packs.ts'
import { createPathRuleStore } from '../store/path-rule-store.ts'
import { createRunStore } from '../store/run-store.ts'
import { createStatusJobStore } from '../store/status-job-store.ts'
import { createUploadStore } from '../store/upload-store.ts'

/** What is kept in the database. */
export interface Stores {
  readonly packs: Packs
  readonly store: AssetStore
  readonly jobs: StatusJobStore
  readonly runs: RunStore
  readonly rules: PathRuleStore
  readonly uploads: UploadStore
  readonly contents: ContentSweep
  readonly orders: OrderGathering
}

interface StoreParts {
  readonly database: DatabaseConnection
  readonly queue: JobSender
  readonly blobs: BlobStore
  readonly operatorLog: OperatorLog
  readonly wrap: <Store extends object>(store: Store) => Store
}

/** The stores over one database. `orders` is to be disposed of: it sends what waits. */
export function openStores({ database, queue, blobs, operatorLog, wrap }: StoreParts): Stores {
  // The embedded database has one process, so nobody else removes blobs.
  const sharedBlobs = database.engine === 'pglite' ? undefined : blobs
  const packs = createPacks(database, blobs)
  const store: AssetStore = wrap(createAssetStore(database, queue, { packs, sharedBlobs, onOrdersWait: (count) => orders.sendSoon(count) }))
  const orders = gatherOrders(store, (error) => operatorLog.queueTrouble({ queue: null, jobs: [], error }))
  return {
    packs,
    store,
    orders,
    jobs: wrap(createStatusJobStore(database, queue)),
    runs: wrap(createRunStore(database, queue)),
    rules: wrap(createPathRuleStore(database, queue)),
    uploads: wrap(createUploadStore(database, packs, sharedBlobs)),
    contents: wrap(createContentSweep(database, packs)),
  }
}
