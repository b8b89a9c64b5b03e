import { join } from 'node:path'
import { openBlobStore } from '../../src/blobs/open-blob-store.ts'
import { parseAssetPath } from '../../src/model/asset-path.ts'
import { type AssetStatus, assetStatuses } from '../../src/model/asset-status.ts'
import type { Problem } from '../../src/model/problem.ts'
import { giveUp } from '../../src/processing/give-up.ts'
import type { AssetStore, PostProcessOrder, Reader } from '../../src/processing/ports.ts'
import { postProcessAssets } from '../../src/processing/post-process-assets.ts'
import { createReceiveRevision } from '../../src/processing/receive-revision.ts'
import { resolveChangedTargets } from '../../src/processing/resolve-changed-targets.ts'
import { takeTurns } from '../../src/processing/take-turns.ts'
import type { TreeStore } from '../../src/processing/tree-ports.ts'
import { openQueue } from '../../src/queue/open-queue.ts'
import { createAssetStore } from '../../src/store/asset-store.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'
import { createPacks } from '../../src/store/packs.ts'
import { createTreeStore } from '../../src/store/tree-store.ts'
import { openReader } from '../../src/threads/open-reader.ts'
import { createDataDirectory, openTestDatabase } from '../support/test-database.ts'

const never = new AbortController().signal

/** The use cases over a real store, queue, blob store and threads, called by the test instead of by queue jobs. */
export interface Processing extends AsyncDisposable {
  readonly database: DatabaseConnection
  readonly store: AssetStore
  readonly tree: TreeStore
  readonly reader: Reader
  readonly blobDirectory: string
  receive(path: string, text: string): Promise<unknown>
  /** What waits below a folder. */
  ordersIn(folder: string): Promise<PostProcessOrder[]>
  /** Post-processes, through another store if one is given: the same with something happening at a chosen moment. */
  process(orders: readonly PostProcessOrder[], through?: AssetStore): Promise<void>
  giveUp(orders: readonly PostProcessOrder[]): Promise<void>
  /** A pass over the changed targets, through another store likewise. */
  pass(through?: AssetStore): Promise<void>
  /** Its status and problems. */
  outcomeOf(path: string): Promise<{ readonly status: AssetStatus; readonly problems: readonly Problem[] }>
  /** How the references of an asset stand. */
  statesOf(path: string): Promise<string>
}

export async function openProcessing(): Promise<Processing> {
  await using opening = new AsyncDisposableStack()
  const directory = opening.use(await createDataDirectory())
  const blobs = await openBlobStore({ dataDirectory: directory.path })
  const database = opening.use(await openTestDatabase('pglite'))
  const queue = opening.use(await openQueue(database, { onTrouble: () => undefined }))
  const ofDatabase = createAssetStore(database, queue, { packs: createPacks(database, blobs) })
  // There is no queue job behind these calls that could be completed.
  const store: AssetStore = { ...ofDatabase, saveResolutions: (resolutions) => ofDatabase.saveResolutions(resolutions, null) }
  const reader = opening.use(await openReader({ threads: 1, onThreadEnded: () => undefined }))
  const receiveRevision = createReceiveRevision(store, blobs)
  const largeInTurn = takeTurns(1)
  const open = opening.move()
  return {
    database,
    store,
    tree: createTreeStore(database, queue),
    reader,
    blobDirectory: join(directory.path, 'blobs'),
    receive: (path, text) =>
      receiveRevision({
        path: parseAssetPath(path),
        body: piecesOf(text),
        mediaType: 'application/xml',
        onConflict: 'overwrite',
        actor: 'test',
      }),
    ordersIn: (folder) =>
      database.kysely
        .selectFrom('assay.asset')
        .where('path', 'like', `${folder}/%`)
        .where('status', '<', 2)
        .select(['id', 'revision'])
        .execute(),
    process: (orders, through = store) =>
      postProcessAssets({ store: through, blobs, reader, largeInTurn, onSettled: () => undefined }, orders, { queue: '', jobs: [] }, never),
    giveUp: (orders) => giveUp({ store, blobs, reader }, orders, 'given up after 6 tries'),
    pass: (through = store) => resolveChangedTargets({ store: through, reader, delay: async () => {}, onResolved: () => undefined }, never),
    async outcomeOf(path) {
      const query = database.kysely.selectFrom('assay.asset as a').leftJoin('assay.asset_result as r', 'r.asset_id', 'a.id')
      const { status, problems } = await query.where('path', '=', path).select(['a.status', 'r.problems']).executeTakeFirstOrThrow()
      return { status: assetStatuses[status]!, problems: JSON.parse(problems ?? '[]') }
    },
    async statesOf(path) {
      const query = database.kysely.selectFrom('assay.asset_result as r').innerJoin('assay.asset as a', 'a.id', 'r.asset_id')
      return (await query.where('a.path', '=', path).select('r.reference_states').executeTakeFirstOrThrow()).reference_states
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

async function* piecesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
