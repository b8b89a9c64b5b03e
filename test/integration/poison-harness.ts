import { setTimeout as delay } from 'node:timers/promises'
import { openBlobStore } from '../../src/blobs/open-blob-store.ts'
import { parseAssetPath } from '../../src/model/asset-path.ts'
import { assetStatuses } from '../../src/model/asset-status.ts'
import type { Problem } from '../../src/model/problem.ts'
import { giveUp } from '../../src/processing/give-up.ts'
import { postProcessAssets } from '../../src/processing/post-process-assets.ts'
import { createReceiveRevision } from '../../src/processing/receive-revision.ts'
import { resolveChangedTargets } from '../../src/processing/resolve-changed-targets.ts'
import { takeTurns } from '../../src/processing/take-turns.ts'
import { openQueue } from '../../src/queue/open-queue.ts'
import { createAssetStore } from '../../src/store/asset-store.ts'
import { openDatabase } from '../../src/store/database.ts'
import { migrate } from '../../src/store/migrate.ts'
import { createPacks } from '../../src/store/packs.ts'
import { takeBackAssets } from '../../src/store/queries/claim-assets.ts'
import { openReader } from '../../src/threads/open-reader.ts'
import { eventually, topic } from '../support/assay-api.ts'
import { noDiskLimits } from '../support/test-database.ts'

/** The real thread, but for contents that are marked with what they do to it. */
const entry = new URL('../threads/poison-entry.ts', import.meta.url)

/** What kills its process is read in processes of its own, started one after another: beside other tests that took more than 20 s. */
const outcomesTimeoutMs = 60_000

/** Where the assets are: a data directory, and the URL of a server's database if they are not in the directory. */
export interface Place {
  readonly directory: string
  readonly url: string | null
}

/** Everything of the product apart from HTTP. */
export async function openPoisoned({ directory, url }: Place) {
  await using opening = new AsyncDisposableStack()
  const database = opening.use(await openDatabase(url === null ? { dataDirectory: directory, disk: noDiskLimits } : { url }))
  await migrate(database)
  const blobs = await openBlobStore({ dataDirectory: directory })
  const reader = opening.use(await openReader({ threads: 2, entry, assetTimeoutMs: 1000, heapMiB: 64, onThreadEnded: () => {} }))
  const queue = opening.use(await openQueue(database, { onTrouble: () => {}, ...(url !== null && { databaseUrl: url }) }))
  const store = createAssetStore(database, queue, { packs: createPacks(database, blobs) })
  const receive = createReceiveRevision(store, blobs)
  const pause = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(() => undefined)
  const ports = { store, blobs, reader, largeInTurn: takeTurns(1), onSettled: () => {} }
  const opened = opening.move()
  return {
    /** A topic of that name, with what it does to its reader. */
    upload: (name: string, misdeed: string | null = null) =>
      receive({
        path: parseAssetPath(`/content/dam/poison/${name}`),
        body: (async function* () {
          yield Buffer.from(topic(name) + (misdeed === null ? '' : `<!-- ${misdeed} -->`))
        })(),
        mediaType: 'application/xml',
        onConflict: 'overwrite',
        actor: 'test',
      }),
    work: () =>
      queue.work({
        postProcess: (orders, claim, signal) => postProcessAssets(ports, orders, claim, signal),
        giveUp: (orders, reason) => giveUp({ store, blobs, reader }, orders, reason),
        takeBack: takeBackAssets,
        resolveReferences: (_claim, signal) => resolveChangedTargets({ store, reader, delay: pause, onResolved: () => {} }, signal),
        runStatusJob: async () => {},
        giveUpStatusJob: async () => {},
        takeRunTurn: async () => {},
        giveUpRun: async () => {},
        applyPathRules: async () => {},
        sweep: async () => {},
      }),
    /** Status and problem codes of all assets, by name, once all are settled. */
    async outcomes(): Promise<Record<string, string>> {
      const rows = await eventually(
        () =>
          database.kysely
            .selectFrom('assay.asset')
            .leftJoin('assay.asset_result', 'asset_id', 'id')
            .select(['path', 'status', 'problems'])
            .orderBy('path')
            .execute(),
        (found) => found.every(({ status }) => status >= 2),
        outcomesTimeoutMs,
      )
      return Object.fromEntries(
        rows.map(({ path, status, problems }) => {
          const codes = (JSON.parse(problems ?? '[]') as Problem[]).map(({ code }) => code)
          return [path.slice(path.lastIndexOf('/') + 1), [assetStatuses[status], ...codes].join(' ')]
        }),
      )
    },
    /** Of each job that post-processed. */
    async triesLeft(): Promise<number[]> {
      const { rows } = await database.executeSql(
        `select retry_limit - retry_count as tries from pgboss.job where name = 'post-process-assets'`,
      )
      return rows.map(({ tries }) => tries)
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
