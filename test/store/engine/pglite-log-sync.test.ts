import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cluster, openCluster } from '../../../src/store/pglite/cluster.ts'
import { DiskGuard, defaultDiskThresholds } from '../../../src/store/pglite/disk-guard.ts'
import { DurableAnswers } from '../../../src/store/pglite/durable-answers.ts'
import { LogSync } from '../../../src/store/pglite/log-sync.ts'
import { Session } from '../../../src/store/pglite/session.ts'
import { createDataDirectory, noDiskLimits } from '../../support/test-database.ts'

const log = new LogSync()
const thread = log.start()
let directory: Awaited<ReturnType<typeof createDataDirectory>>
let cluster: Cluster
let session: Session
let lastId = 0

beforeAll(async () => {
  directory = await createDataDirectory('empty')
  cluster = await openCluster(directory.path, log, (message) => {
    throw new Error(message)
  })
  const guard = new DiskGuard(directory.path, { ...defaultDiskThresholds, ...noDiskLimits })
  session = new Session(cluster.pg, guard, new Int32Array(1), { onNotification: () => {} })
  await run('create table row (number int primary key)')
})

afterAll(async () => {
  await session.close()
  await thread.terminate()
  await directory[Symbol.asyncDispose]()
})

function run(text: string, values: readonly unknown[] = []) {
  return session.handle(++lastId, { kind: 'run', text, values, transaction: null })
}

const insert = (number: number) => run('insert into row values ($1)', [number])
const count = () => run('select count(*)::int as count from row')

test('every commit asks for a sync, and what only reads for none', async () => {
  await insert(0)
  await count()
  const before = log.last
  await count()
  expect(log.last).toBe(before)
  await Promise.all([insert(1), insert(2)])
  expect(log.last).toBe(before + 2)
  await log.end(log.last)
  expect(log.hasEnded()).toBe(true)
})

test('a transaction asks for one when it is committed', async () => {
  const before = log.last
  const inside = { kind: 'run', values: [], transaction: 1 } as const
  const begins = { isolation: 'read committed', timeoutMs: 10_000 }
  await session.handle(++lastId, { ...inside, text: 'insert into row values (8)', begins })
  await session.handle(++lastId, { ...inside, text: 'insert into row values (9)', begins: null })
  expect(log.last).toBe(before)
  await session.handle(++lastId, { kind: 'commit', transaction: 1 })
  expect(log.last).toBe(before + 1)
})

test('one that fails takes no other with it', async () => {
  const results = await Promise.allSettled([insert(10), insert(10), insert(11)])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

test('answers wait for their sync and for those before them, also when numbers start again', async () => {
  const memory = new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)
  const ended = new Int32Array(memory).subarray(1, 2)
  const largest = 2 ** 31 - 1
  const end = async (number: number) => {
    Atomics.store(ended, 0, number)
    Atomics.notify(ended, 0)
    await new Promise(setImmediate)
  }
  await end(largest - 1)
  const given: number[] = []
  const answers = new DurableAnswers(new LogSync(memory), ({ id }) => given.push(id))
  for (const [id, sync] of [largest - 1, largest, largest, -(2 ** 31)].entries())
    answers.take({ kind: 'done', id, sync, notifications: [], result: { command: '', affectedRows: 0, rows: [] } })
  expect(given).toEqual([0])
  await end(largest)
  await expect.poll(() => given).toEqual([0, 1, 2])
  await end(-(2 ** 31))
  await expect.poll(() => given).toEqual([0, 1, 2, 3])
})

test('a statement is planned once, whatever a plan for its values would cost', async () => {
  const text = 'select count(*)::int as count from row where number = any($1::int[])'
  // A single value looks much cheaper than the ten that are expected of an unknown list.
  for (let round = 0; round < 8; round++) await run(text, [[round]])
  const { rows } = await cluster.pg.query(
    `select generic_plans::int as once, custom_plans::int as anew from pg_prepared_statements
    where statement = $1`,
    [text],
  )
  expect(rows).toEqual([{ once: 8, anew: 0 }])
})
