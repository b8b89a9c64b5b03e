import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cluster, openCluster } from '../../../src/store/pglite/cluster.ts'
import { DiskGuard, defaultDiskThresholds } from '../../../src/store/pglite/disk-guard.ts'
import { Session } from '../../../src/store/pglite/session.ts'
import { createDataDirectory, noDiskLimits } from '../../support/test-database.ts'

let directory: Awaited<ReturnType<typeof createDataDirectory>>
let cluster: Cluster
let session: Session
let lastId = 0

beforeAll(async () => {
  directory = await createDataDirectory()
  cluster = await openCluster(directory.path, (message) => {
    throw new Error(message)
  })
  const guard = new DiskGuard(directory.path, { ...defaultDiskThresholds, ...noDiskLimits })
  session = new Session(cluster.pg, guard, new Int32Array(1), { onNotification: () => {} })
  await run('create table row (number int primary key)')
})

afterAll(async () => {
  await session.close()
  await directory[Symbol.asyncDispose]()
})

function run(text: string, values: readonly unknown[] = []) {
  return session.handle(++lastId, { kind: 'run', text, values, transaction: null })
}

const insert = (number: number) => run('insert into row values ($1)', [number])
const count = () => run('select count(*)::int as count from row')

test('commits that wait for each other are synced once, and what only reads syncs nothing', async () => {
  await insert(0)
  await count()
  const before = cluster.syncs()
  await count()
  expect(cluster.syncs() - before).toBe(0)
  await insert(1)
  expect(cluster.syncs() - before).toBe(1)
  // A statement that was slow the last time, as all are on a busy machine, is nothing to wait for.
  let number = 100
  const burst = () => Array.from({ length: 5 }, () => insert(++number).then(() => cluster.syncs()))
  await expect.poll(async () => new Set(await Promise.all(burst())).size, { timeout: 20_000, interval: 1 }).toBe(1)
})

test('what a reader sees of others is durable when it is told', async () => {
  const before = cluster.syncs()
  const reading = insert(7).then(() => cluster.syncs())
  await count()
  expect(cluster.syncs()).toBe(before + 1)
  expect(await reading).toBe(before + 1)
})

test('no commit waits for a transaction, and that for its own sync', async () => {
  const before = cluster.syncs()
  const inside = { kind: 'run', values: [], transaction: 1 } as const
  const begins = { isolation: 'read committed', timeoutMs: 10_000 }
  const alone = insert(8)
  await session.handle(++lastId, { ...inside, text: 'select 1', begins })
  await alone
  expect(cluster.syncs()).toBe(before + 1)
  await session.handle(++lastId, { ...inside, text: 'insert into row values (9)', begins: null })
  await session.handle(++lastId, { kind: 'commit', transaction: 1 })
  expect(cluster.syncs()).toBe(before + 2)
})

test('one that fails takes no other with it', async () => {
  const results = await Promise.allSettled([insert(10), insert(10), insert(11)])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
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
