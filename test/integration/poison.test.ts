import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { openBlobStore } from '../../src/blobs/open-blob-store.ts'
import { parseAssetPath } from '../../src/model/asset-path.ts'
import { assetStatuses } from '../../src/model/asset-status.ts'
import type { Problem } from '../../src/model/problem.ts'
import { giveUp } from '../../src/processing/give-up.ts'
import { postProcessAssets } from '../../src/processing/post-process-assets.ts'
import { createReceiveRevision } from '../../src/processing/receive-revision.ts'
import { resolveChangedTargets } from '../../src/processing/resolve-changed-targets.ts'
import { openQueue } from '../../src/queue/open-queue.ts'
import { createAssetStore } from '../../src/store/asset-store.ts'
import { openDatabase } from '../../src/store/database.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openReader } from '../../src/threads/open-reader.ts'
import { eventually, topic } from '../support/assay-api.ts'
import { createDataDirectory, type EngineName, engines, noDiskLimits, sharedPostgresServer } from '../support/test-database.ts'

/** The real thread, but for contents that are marked with what they do to it. */
const entry = new URL('../threads/poison-entry.ts', import.meta.url)

let opened = new AsyncDisposableStack()
afterEach(async () => {
  await opened.disposeAsync()
  opened = new AsyncDisposableStack()
})

/** Everything of the product apart from HTTP. */
async function open(engine: EngineName) {
  const directory = opened.use(await createDataDirectory())
  const url = engine === 'postgres' ? await (await sharedPostgresServer()).createDatabase() : null
  const database = opened.use(await openDatabase(url === null ? { dataDirectory: directory.path, disk: noDiskLimits } : { url }))
  await migrate(database)
  const blobs = await openBlobStore({ dataDirectory: directory.path })
  const reader = opened.use(await openReader({ threads: 2, entry, assetTimeoutMs: 1000, heapMiB: 64, onThreadEnded: () => {} }))
  const queue = opened.use(await openQueue(database, { onTrouble: () => {}, ...(url !== null && { databaseUrl: url }) }))
  const store = createAssetStore(database, queue)
  const receive = createReceiveRevision(store, blobs)
  const pause = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(() => undefined)
  return {
    upload: (path: string, text: string) =>
      receive({
        path: parseAssetPath(path),
        body: (async function* () {
          yield Buffer.from(text)
        })(),
        mediaType: 'application/xml',
        onConflict: 'overwrite',
      }),
    work: () =>
      queue.work({
        postProcess: (orders, claim, signal) => postProcessAssets({ store, blobs, reader, onSettled: () => {} }, orders, claim, signal),
        giveUp: (orders, reason) => giveUp({ store, blobs, reader }, orders, reason),
        resolveReferences: (_claim, signal) => resolveChangedTargets({ store, reader, delay: pause, onResolved: () => {} }, signal),
        runStatusJob: async () => {},
        giveUpStatusJob: async () => {},
        sweep: async () => {},
      }),
    /** Status and problem codes of all assets, by name, once all are settled. */
    async outcomes() {
      const rows = await eventually(
        () =>
          database.kysely
            .selectFrom('assay.asset')
            .leftJoin('assay.asset_result', 'asset_id', 'id')
            .select(['path', 'status', 'problems'])
            .orderBy('path')
            .execute(),
        (found) => found.every(({ status }) => status >= 2),
      )
      return new Map(
        rows.map(({ path, status, problems }) => {
          const codes = (JSON.parse(problems ?? '[]') as Problem[]).map(({ code }) => code)
          return [path.slice(path.lastIndexOf('/') + 1), [assetStatuses[status], ...codes].join(' ')]
        }),
      )
    },
  }
}

describe.each(engines)('poison (%s)', (engine) => {
  it('fails alone, with a reason, and its neighbours are fine', async () => {
    const assay = await open(engine)
    const poison = { 'hang.dita': 'hang', 'heap.dita': 'exhaust the heap', 'exit.dita': 'exit', 'late.dita': 'throw out of turn' }
    const good = Array.from({ length: 200 }, (_, index) => `${index}.dita`)
    const uploads = [...good.map((name) => [name, ''] as const), ...Object.entries(poison)]
    await Promise.all(
      uploads.map(([name, misdeed]) => assay.upload(`/content/dam/poison/${name}`, topic(name) + (misdeed && `<!-- ${misdeed} -->`))),
    )
    await assay.work()
    const outcomes = await assay.outcomes()
    expect(Object.fromEntries(Object.keys(poison).map((name) => [name, outcomes.get(name)]))).toEqual({
      'hang.dita': 'FAILURE PROCESSING_TIMEOUT',
      // On a busy machine its time is over before its memory is.
      'heap.dita': expect.stringMatching(/^FAILURE PROCESSING_(MEMORY|TIMEOUT)$/),
      'exit.dita': 'FAILURE PROCESSING_CRASHED',
      'late.dita': 'FAILURE PROCESSING_CRASHED',
    })
    expect(good.filter((name) => outcomes.get(name) !== 'SUCCESS')).toEqual([])
  })

  it('is cured by another content', async () => {
    const assay = await open(engine)
    await assay.upload('/content/dam/poison/x.dita', `${topic('X')}<!-- hang -->`)
    await assay.work()
    expect((await assay.outcomes()).get('x.dita')).toBe('FAILURE PROCESSING_TIMEOUT')
    await assay.upload('/content/dam/poison/x.dita', topic('X'))
    expect((await assay.outcomes()).get('x.dita')).toBe('SUCCESS')
  })
})
