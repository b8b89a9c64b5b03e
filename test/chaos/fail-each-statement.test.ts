import { createHash } from 'node:crypto'
import type { KyselyPlugin } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseAssetPath } from '../../src/model/asset-path.ts'
import type { BlobStore } from '../../src/processing/content-ports.ts'
import { type IncomingAsset, PartlyReceivedError } from '../../src/processing/ports.ts'
import { openQueue, type Queue } from '../../src/queue/open-queue.ts'
import { createAssetStore } from '../../src/store/asset-store.ts'
import { createContentSweep } from '../../src/store/content-sweep.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'
import { DatabaseUnavailableError } from '../../src/store/database-errors.ts'
import { createPacks } from '../../src/store/packs.ts'
import { createStatusJobStore } from '../../src/store/status-job-store.ts'
import { createTreeStore } from '../../src/store/tree-store.ts'
import { createUploadStore } from '../../src/store/upload-store.ts'
import { openTestDatabase } from '../support/test-database.ts'
import { openTestBlobs } from '../support/test-packs.ts'

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

interface PlannedFault {
  readonly alone: KyselyPlugin
  readonly inTransaction: KyselyPlugin
  readonly hasFailed: () => boolean
}

/**
 * Lets the `n`th statement of all fail: in a transaction it is done before, as on a connection that breaks at this moment. One alone is its own
 * transaction, so it is not done: nobody could tell whether it was, and the caller would repeat it.
 */
function failingAt(n: number): PlannedFault {
  let statements = 0
  const count = () => {
    if (++statements === n) throw new DatabaseUnavailableError(`A planned fault at statement ${n}.`)
  }
  const alone: KyselyPlugin = {
    transformQuery({ node }) {
      count()
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const inTransaction: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      count()
      return result
    },
  }
  return { alone, inTransaction, hasFailed: () => statements >= n }
}

interface Parts {
  readonly database: DatabaseConnection
  readonly queue: Queue
  readonly blobs: BlobStore
}

function storesOn({ database, queue, blobs }: Parts, { alone, inTransaction }: PlannedFault) {
  const connection: DatabaseConnection = {
    ...database,
    kysely: database.kysely.withPlugin(alone),
    transaction: (work, options) => database.transaction((trx) => work(trx.withPlugin(inTransaction)), options),
  }
  // No job of the queue is behind the status job that could be completed.
  const jobs = { ...queue, complete: async () => {} }
  const packs = createPacks(connection, blobs)
  return {
    assets: createAssetStore(connection, jobs, { packs, onOrdersWait: () => {} }),
    tree: createTreeStore(connection, jobs),
    statusJobs: createStatusJobStore(connection, jobs),
    uploads: createUploadStore(connection, packs),
    contents: createContentSweep(connection, packs),
  }
}

type Operation = (stores: ReturnType<typeof storesOn>) => Promise<unknown>

const operations: readonly (readonly [name: string, Operation])[] = [
  ['receive', ({ assets }) => assets.receive([incoming('a/1', 'one'), incoming('a/2', 'two'), incoming('b/3', 'three')])],
  ['send the orders that wait', ({ assets }) => assets.sendWaitingOrders()],
  ['receive again', ({ assets }) => assets.receive([incoming('a/1', 'one, changed'), incoming('c/GUID-4', 'four')])],
  ['create a folder', ({ assets }) => assets.createFolder(at('d/e'))],
  ['start a status job', ({ statusJobs }) => statusJobs.create({ ...job, createdBy: 'admin' })],
  ['begin a status job', ({ statusJobs }) => statusJobs.begin(job.id)],
  ['collect a status job', ({ statusJobs }) => statusJobs.collect(job, 60_000, { queue: '', jobs: [] })],
  ['move', ({ tree }) => tree.move({ source: at('a'), destination: at('f'), overwrite: false })],
  ['move over something', ({ tree }) => tree.move({ source: at('f/1'), destination: at('c/GUID-4'), overwrite: true })],
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
  let blobs: BlobStore & AsyncDisposable
  beforeAll(async () => {
    database = await openTestDatabase('pglite')
    queue = await openQueue(database, { onTrouble: () => undefined })
    blobs = await openTestBlobs()
    // A single statement: whether it was done cannot be told where its answer is lost, and it may be done twice.
    await createUploadStore(database, createPacks(database, blobs)).keepParts([{ ...incoming('part', 'part'), upload, number: 0 }])
  })
  afterAll(async () => {
    await queue?.[Symbol.asyncDispose]()
    await blobs?.[Symbol.asyncDispose]()
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
      const fault = failingAt(n)
      const outcome = await run(storesOn({ database, queue, blobs }, fault)).catch((error: unknown) => error)
      if (!fault.hasFailed()) {
        expect(outcome).not.toBeInstanceOf(Error)
        break
      }
      expect(outcome).toBeInstanceOf(DatabaseUnavailableError)
      expect(await everything(), `statement ${n}`).toBe(before)
    }
    expect(await everything()).not.toBe(before)
  })

  test('sees to the orders of contents that were received although the answer was lost', async () => {
    let isLost = false
    const losing: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        if (isLost) throw new DatabaseUnavailableError('A planned fault after the statement.')
        return result
      },
    }
    const connection = { ...database, kysely: database.kysely.withPlugin(losing) }
    let told = 0
    const options = { packs: createPacks(connection, blobs), onOrdersWait: (count: number) => void (told += count) }
    const assets = createAssetStore(connection, queue, options)
    // The path rules are read at the first call.
    await assets.receive([incoming('lost/0', 'zero')])
    await assets.sendWaitingOrders()
    told = 0
    isLost = true
    await expect(assets.receive([incoming('lost/1', 'one')])).rejects.toThrow(DatabaseUnavailableError)
    isLost = false
    expect((await assets.receive([incoming('lost/1', 'one')]))[0]!.outcome).toBe('unchanged')
    expect([told, (await database.executeSql('select from assay.waiting_order')).rows.length]).toEqual([1, 1])
  })

  test('says of each content what became of it when others of its group fail', async () => {
    const isStored = async (name: string) =>
      (await database.kysely.selectFrom('assay.asset').select('id').where('path', '=', at(name)).execute()).length > 0
    for (let n = 1, alone = 0; n < mostStatements; n++) {
      const fault = failingAt(n)
      const group = [incoming(`partly/${n}/new`, 'new'), incoming(`partly/${n}/GUID-${n}`, 'claims its UUID')]
      const outcome = await storesOn({ database, queue, blobs }, fault)
        .assets.receive(group)
        .catch((error: unknown) => error)
      const stored = await Promise.all(['new', `GUID-${n}`].map((name) => isStored(`partly/${n}/${name}`)))
      if (!fault.hasFailed()) {
        expect([stored, alone > 0]).toEqual([[true, true], true])
        break
      }
      if (stored[0]) alone++
      expect(stored).toEqual([outcome instanceof PartlyReceivedError, false])
      if (outcome instanceof PartlyReceivedError) expect([...outcome.receipts.keys()]).toEqual([group[0]])
    }
  })
})
