import { createHash } from 'node:crypto'
import type { KyselyPlugin } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseAssetPath } from '../../src/model/asset-path.ts'
import type { IncomingAsset } from '../../src/processing/ports.ts'
import { openQueue, type Queue } from '../../src/queue/open-queue.ts'
import { createAssetStore } from '../../src/store/asset-store.ts'
import { createContentSweep } from '../../src/store/content-sweep.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'
import { DatabaseUnavailableError } from '../../src/store/database-errors.ts'
import { createStatusJobStore } from '../../src/store/status-job-store.ts'
import { createTreeStore } from '../../src/store/tree-store.ts'
import { createUploadStore } from '../../src/store/upload-store.ts'
import { openTestDatabase } from '../support/test-database.ts'

const folder = '/content/dam/each-statement'
const at = (name: string) => parseAssetPath(name === '' ? folder : `${folder}/${name}`)
const upload = '6f0c3c5e-3b1c-4d57-8e0e-0a6f3a1c9b01'
const job = { id: '6f0c3c5e-3b1c-4d57-8e0e-0a6f3a1c9b02', included: [folder], excluded: [`${folder}/b`] }
const mostStatements = 60

function incoming(name: string, text: string): IncomingAsset {
  const bytes = Buffer.from(text)
  const sha256 = createHash('sha256').update(bytes).digest()
  return { path: at(name), size: bytes.length, sha256, content: { bytes }, mediaType: 'text/plain', onConflict: 'overwrite' }
}

/** Lets the `n`th statement of all be done and yet fail, as on a connection that breaks at this moment. */
function failingAt(n: number): { readonly plugin: KyselyPlugin; readonly hasFailed: () => boolean } {
  let statements = 0
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (++statements === n) throw new DatabaseUnavailableError(`A planned fault at statement ${n}.`)
      return result
    },
  }
  return { plugin, hasFailed: () => statements >= n }
}

function storesOn(database: DatabaseConnection, queue: Queue, plugin: KyselyPlugin) {
  const connection: DatabaseConnection = {
    ...database,
    kysely: database.kysely.withPlugin(plugin),
    transaction: (work, options) => database.transaction((trx) => work(trx.withPlugin(plugin)), options),
  }
  // No job of the queue is behind the status job that could be completed.
  const jobs = { ...queue, complete: async () => {} }
  return {
    assets: createAssetStore(connection, jobs),
    tree: createTreeStore(connection, jobs),
    statusJobs: createStatusJobStore(connection, jobs),
    uploads: createUploadStore(connection),
    contents: createContentSweep(connection),
  }
}

type Operation = (stores: ReturnType<typeof storesOn>) => Promise<unknown>

const operations: readonly (readonly [name: string, Operation])[] = [
  ['receive', ({ assets }) => assets.receive([incoming('a/1', 'one'), incoming('a/2', 'two'), incoming('b/3', 'three')])],
  ['receive again', ({ assets }) => assets.receive([incoming('a/1', 'one, changed'), incoming('c/4', 'four')])],
  ['create a folder', ({ assets }) => assets.createFolder(at('d/e'))],
  ['start a status job', ({ statusJobs }) => statusJobs.create({ ...job, createdBy: 'admin' })],
  ['begin a status job', ({ statusJobs }) => statusJobs.begin(job.id)],
  ['collect a status job', ({ statusJobs }) => statusJobs.collect(job, 60_000, { queue: '', jobs: [] })],
  ['move', ({ tree }) => tree.move({ source: at('a'), destination: at('f'), overwrite: false })],
  ['move over something', ({ tree }) => tree.move({ source: at('f/1'), destination: at('c/4'), overwrite: true })],
  ['copy', ({ tree }) => tree.copy({ source: at('f'), destination: at('g'), overwrite: false }, false)],
  ['change properties', ({ tree }) => tree.changeProperties(at('g'), { title: 'G' })],
  ['complete an upload', ({ assets }) => assets.receive([{ ...incoming('h/5', 'part'), upload }])],
  ['forget an upload', ({ uploads }) => uploads.forgetUpload(upload)],
  ['remove an asset', ({ assets }) => assets.remove(at('b/3'))],
  ['remove a folder', ({ assets }) => assets.remove(at(''))],
  ['sweep packs', ({ contents }) => contents.sweepPacks(-1)],
]

describe('an operation in which any one statement fails', () => {
  let database: DatabaseConnection
  let queue: Queue
  beforeAll(async () => {
    database = await openTestDatabase('pglite')
    queue = await openQueue(database, { onTrouble: () => undefined })
    // A single statement: whether it was done cannot be told where its answer is lost, and it may be done twice.
    await createUploadStore(database).keepParts([{ ...incoming('part', 'part'), upload, number: 0 }])
  })
  afterAll(async () => {
    await queue?.[Symbol.asyncDispose]()
    await database?.[Symbol.asyncDispose]()
  })

  /** All that is stored, but for what is not part of a transaction: counters. */
  async function everything(): Promise<string> {
    const { rows } = await database.executeSql(
      `select table_schema || '.' || table_name as name from information_schema.tables
       where table_schema = 'assay' and table_type = 'BASE TABLE' order by 1`,
    )
    const parts = [...rows.map(({ name }) => name as string), 'pgboss.job'].map(
      (name) => `select '${name}' as name, coalesce(string_agg(md5(t::text), ' ' order by md5(t::text)), '') as rows from ${name} t`,
    )
    return JSON.stringify((await database.executeSql(parts.join(' union all '))).rows)
  }

  test.each(operations)('leaves nothing half done, and is done when none does: %s', async (_name, run) => {
    const before = await everything()
    for (let n = 1; n < mostStatements; n++) {
      const { plugin, hasFailed } = failingAt(n)
      const outcome = await run(storesOn(database, queue, plugin)).catch((error: unknown) => error)
      if (!hasFailed()) {
        expect(outcome).not.toBeInstanceOf(Error)
        break
      }
      expect(outcome).toBeInstanceOf(DatabaseUnavailableError)
      expect(await everything(), `statement ${n}`).toBe(before)
    }
    expect(await everything()).not.toBe(before)
  })
})
