/**
 * What the database costs while assets are post-processed: the whole way of queue jobs over an embedded database, and the same contents read
 * and resolved by the same threads without one. And what the queue costs alone, with jobs of the same size that do nothing.
 *
 *     node bench/database/share.ts [assets=4000]
 *
 * Goals: with the database 0.35 of the speed without; the queue at most 3 % of the CPU time of a processed asset.
 */
import { openBlobStore } from '../../src/blobs/open-blob-store.ts'
import { parseAssetPath } from '../../src/model/asset-path.ts'
import { foldHash } from '../../src/model/fold-hash.ts'
import { postProcessBatchAssets } from '../../src/model/limits.ts'
import type { TargetAsset } from '../../src/processing/ports.ts'
import { postProcessAssets } from '../../src/processing/post-process-assets.ts'
import { createReceiveRevision } from '../../src/processing/receive-revision.ts'
import { takeTurns } from '../../src/processing/take-turns.ts'
import { openQueue, type UseCases } from '../../src/queue/open-queue.ts'
import { createAssetStore } from '../../src/store/asset-store.ts'
import { openDatabase } from '../../src/store/database.ts'
import { createPacks } from '../../src/store/packs.ts'
import { openReader } from '../../src/threads/open-reader.ts'
import { eventually } from '../../test/support/assay-api.ts'
import { createDataDirectory, noDiskLimits } from '../../test/support/test-database.ts'
import { topicOfTypicalSize } from '../dita/typical-topic.ts'
import { atLeast, atMost, report } from '../report.ts'

const assets = Number(process.argv[2] ?? 4000)
const folder = '/content/dam/bench'

const contents = Array.from({ length: assets }, (_, index) => {
  const bytes = Buffer.from(topicOfTypicalSize(index))
  return { id: index, path: `${folder}/${index % 40}/t${index}.dita`, size: bytes.length, bytes }
})
await using directory = await createDataDirectory()
await using database = await openDatabase({ dataDirectory: directory.path, disk: noDiskLimits })
await using reader = await openReader({ threads: 1, onThreadEnded: () => {} })
const blobs = await openBlobStore({ dataDirectory: directory.path })

interface Cost {
  readonly ms: number
  readonly cpuMs: number
}

async function measure(work: () => Promise<void>): Promise<Cost> {
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return { ms: performance.now() - startedAt, cpuMs: (user + system) / 1000 }
}

/** Two batches under way, as the queue has it. */
async function readWithoutDatabase(): Promise<void> {
  const starts = Array.from({ length: Math.ceil(assets / postProcessBatchAssets) }, (_, index) => index * postProcessBatchAssets).values()
  const work = async () => {
    for (const start of starts) {
      const batch = contents.slice(start, start + postProcessBatchAssets)
      const readings = await reader.read(batch)
      const targets = readings.map(({ type, targets, targetsDigest, references }, index): TargetAsset => {
        const { id, path } = batch[index]!
        return { id, path, foldHash: foldHash(path), type, targets, targetsDigest, references }
      })
      await reader.resolve(
        targets.map(({ id, path, references, targets }) => ({ id, path, references: references!, targets: targets! })),
        targets,
      )
    }
  }
  await Promise.all([work(), work()])
}

/** Everything is received first. Measured from the moment when the queue's jobs begin to be worked on until nothing waits. */
async function processWithDatabase(): Promise<Cost> {
  await using queue = await openQueue(database, { onTrouble: (trouble) => console.error(trouble) })
  const store = createAssetStore(database, queue, { packs: createPacks(database, blobs) })
  const receive = createReceiveRevision(store, blobs)
  const left = contents.values()
  const upload = async () => {
    for (const { path, bytes } of left) {
      const body = (async function* () {
        yield bytes
      })()
      await receive({ path: parseAssetPath(path), body, mediaType: 'application/xml', onConflict: 'overwrite', actor: 'bench' })
    }
  }
  await Promise.all(Array.from({ length: 64 }, upload))
  const largeInTurn = takeTurns(1)
  let settled = 0
  const onSettled = (part: readonly unknown[]) => {
    settled += part.length
  }
  return await measure(async () => {
    await queue.work({
      ...idle,
      postProcess: (orders, claim, signal) => postProcessAssets({ store, blobs, reader, largeInTurn, onSettled }, orders, claim, signal),
    })
    await eventually(
      async () => settled,
      (count) => count === assets,
      120_000,
    )
  })
}

/** As many jobs, of the same size, that are completed as they come. */
async function passThroughQueue(): Promise<Cost> {
  await using queue = await openQueue(database, { onTrouble: (trouble) => console.error(trouble) })
  let done = 0
  return await measure(async () => {
    await queue.work({
      ...idle,
      async postProcess(orders, claim) {
        await database.transaction((trx) => queue.complete(trx, claim))
        done += orders.length
      },
    })
    for (let start = 0; start < assets; start += postProcessBatchAssets) {
      const orders = contents.slice(start, start + postProcessBatchAssets).map(({ id }) => ({ id, revision: 1 }))
      await database.transaction((trx) => queue.sendPostProcess(trx, orders))
    }
    await eventually(
      async () => done,
      (count) => count === assets,
      120_000,
    )
  })
}

// What else a queue does is not measured. Referrers would be looked at by it later: these wait for nobody.
const idle: UseCases = {
  postProcess: async () => {},
  takeBack: async () => {},
  giveUp: async () => {},
  resolveReferences: async () => {},
  runStatusJob: async () => {},
  giveUpStatusJob: async () => {},
  takeRunTurn: async () => {},
  giveUpRun: async () => {},
  applyPathRules: async () => {},
  sweep: async () => {},
}

// Once before it counts: the compiler works while code is new.
await readWithoutDatabase()
const bare = await measure(readWithoutDatabase)
const full = await processWithDatabase()
const queued = await passThroughQueue()
const perSecond = ({ ms }: Cost) => `${Math.round((assets * 1000) / ms)} assets/s`
const perAsset = ({ cpuMs }: Cost) => `${Math.round((cpuMs * 1000) / assets)} µs of CPU an asset`
report('read and resolved, without a database', `${perSecond(bare)}, ${perAsset(bare)}`)
report('post-processed, with the embedded database', `${perSecond(full)}, ${perAsset(full)}`)
const speed = bare.ms / full.ms
report('speed, of that without', speed.toFixed(2), atLeast(speed, 0.35))
const cpu = bare.cpuMs / full.cpuMs
report('the same in CPU time', cpu.toFixed(2))
const share = (100 * queued.cpuMs) / full.cpuMs
report('the queue alone', `${perAsset(queued)}: ${share.toFixed(1)} %`, atMost(share, 3, ' %'))
