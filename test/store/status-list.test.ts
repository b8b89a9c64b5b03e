import { createHash, randomUUID } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { covers, parseAssetPath, pathKey } from '../../src/model/asset-path.ts'
import { openQueue, type Queue } from '../../src/queue/open-queue.ts'
import { createAssetStore } from '../../src/store/asset-store.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'
import { listStatusChunks, type StatusChunk } from '../../src/store/queries/list-status-chunk.ts'
import { planStatusList } from '../../src/store/queries/plan-status-list.ts'
import { createStatusJobStore } from '../../src/store/status-job-store.ts'
import { engines, openTestDatabase } from '../support/test-database.ts'
import { openTestPacks } from '../support/test-packs.ts'

interface Listed {
  readonly path: string
  readonly uuid?: string
  readonly status: string
  readonly exists: boolean
}

const segment = fc.constantFrom('a', 'b', 'ab', 'a b', 'a+', 'a.dita', 'a0', 'a"', 'a\\', 'é', '\ufb01', '😀', ',')
const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => `/content/dam/${segments.join('/')}`)

/** What must be listed, by the plain words of the contract. */
function expectedList(
  assets: readonly string[],
  folders: ReadonlySet<string>,
  included: readonly string[],
  excluded: readonly string[],
): string[] {
  const isExcluded = (candidate: string) => excluded.some((one) => covers(one, candidate))
  const found = assets.filter((asset) => included.some((one) => covers(one, asset)) && !isExcluded(asset))
  const missing = included.filter((one) => !assets.includes(one) && !folders.has(one) && !isExcluded(one))
  return [...new Set([...found, ...missing])].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

describe.each(engines)('status lists on %s', (engine) => {
  let database: DatabaseConnection
  let queue: Queue
  let assets: string[]
  const folders = new Set(['/', '/content', '/content/dam'])

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    queue = await openQueue(database, { onTrouble: () => undefined })
    await using packs = await openTestPacks(database)
    const store = createAssetStore(database, queue, { packs })
    const receipts = []
    for (const candidate of fc.sample(path, { numRuns: 150, seed: 7 })) {
      const bytes = Buffer.from(candidate)
      const sha256 = createHash('sha256').update(bytes).digest()
      receipts.push(
        ...(await store.receive([
          { path: parseAssetPath(candidate), size: bytes.length, sha256, content: { bytes }, mediaType: 'x', onConflict: 'overwrite' },
        ])),
      )
    }
    assets = [...new Set(receipts.filter((receipt) => receipt.outcome !== 'conflict').map((receipt) => receipt.path as string))]
    for (const asset of assets)
      for (let slash = asset.lastIndexOf('/'); slash > 0; slash = asset.lastIndexOf('/', slash - 1)) folders.add(asset.slice(0, slash))
  })
  afterAll(async () => {
    await queue?.[Symbol.asyncDispose]()
    await database?.[Symbol.asyncDispose]()
  })

  it('hold what the naive rule says, in byte order, whatever the size of the chunks', async () => {
    const paths = fc.array(
      fc.oneof(
        path,
        fc.constant('/content/dam'),
        fc.constant('/'),
        path.map((one) => one.normalize('NFC')),
      ),
      { minLength: 1, maxLength: 5 },
    )
    await fc.assert(
      fc.asyncProperty(paths, fc.array(path, { maxLength: 5 }), fc.constantFrom(1, 2, 7, 1000), async (included, excluded, limit) => {
        const stretches = await planStatusList(database.kysely, { id: '', included, excluded })
        const listed: Listed[] = []
        for await (const chunk of listStatusChunks(database.forBytes, stretches, { assets: limit, stretches: limit })) {
          expect(chunk.assets).toBeLessThanOrEqual(limit)
          const objects = parseChunk(chunk)
          expect(objects).toHaveLength(chunk.assets)
          expect(chunk.counts.reduce((a, b) => a + b)).toBe(chunk.assets)
          listed.push(...objects)
        }
        expect(listed.map((one) => one.path)).toEqual(expectedList(assets, folders, included, excluded))
        for (const one of listed) {
          const keys = one.exists ? ['path', 'uuid', 'status', 'exists'] : ['path', 'status', 'exists']
          expect([Object.keys(one), one.status]).toEqual([keys, one.exists ? 'PENDING' : 'FAILURE'])
        }
      }),
      { numRuns: 60 },
    )
  })

  it('whose job the queue has lost are sent again, the others not', async () => {
    const jobs = createStatusJobStore(database, queue)
    const [lost, waiting, failed] = [randomUUID(), randomUUID(), randomUUID()]
    for (const id of [lost, waiting, failed]) await jobs.create({ id, included: ['/content'], excluded: [], createdBy: 'admin' })
    await jobs.fail(failed, 'given up', 60_000)
    await database.executeSql('delete from pgboss.job where id = any($1::uuid[])', [[lost, failed]])
    expect(await jobs.requeueStuck(3_600_000)).toBe(0)
    await jobs.requeueStuck(0)
    await jobs.requeueStuck(0)
    const { rows } = await database.executeSql('select id, state from pgboss.job where id = any($1::uuid[])', [[lost, waiting, failed]])
    expect(rows).toHaveLength(2)
    expect(rows).toEqual(expect.arrayContaining([lost, waiting].map((id) => ({ id, state: 'created' }))))
  })

  it('are written whole, with their counts, and the job is completed with them', async () => {
    const jobs = createStatusJobStore(database, queue)
    const id = randomUUID()
    await jobs.create({ id, included: ['/content/dam', '/content/dam/typo'], excluded: [], createdBy: 'test' })
    const order = await jobs.begin(id)
    expect(order).toMatchObject({ id, excluded: [] })
    const [job] = await queueJobs(database)
    expect(
      await jobs
        .collect(order!, 60_000, { queue: 'run-status-job', jobs: [{ id, retryCount: job!.retry_count }] })
        .catch((error: Error) => error.name),
    ).toBe('JobClaimLostError')
    expect(await database.kysely.selectFrom('assay.status_job_chunk').selectAll().execute()).toEqual([])

    await database.executeSql(`update pgboss.job set state = 'active', started_on = now() where id = '${id}'`)
    expect(await jobs.collect(order!, 60_000, { queue: 'run-status-job', jobs: [{ id, retryCount: 0 }] })).toBe(assets.length + 1)
    const chunks = await database.kysely.selectFrom('assay.status_job_chunk').selectAll().execute()
    const listed = JSON.parse(`[${chunks.map((chunk) => gunzipSync(chunk.gzip).toString()).join('')}]`) as Listed[]
    expect(listed.filter((one) => !one.exists)).toEqual([{ path: '/content/dam/typo', status: 'FAILURE', exists: false }])
    const row = await database.kysely.selectFrom('assay.status_job').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    expect(row).toMatchObject({ status: 2, total: assets.length + 1, counts: [assets.length, 0, 0, 1] })
    expect(await jobs.begin(id)).toBeNull()
  })

  it('leave a missing path out that is excluded in another Unicode form', async () => {
    const [nfc, nfd] = ['NFC', 'NFD'].map((form) => '/content/dam/nowhere-\u00e9'.normalize(form)) as [string, string]
    const list = (included: string, excluded: string) => listWhole(database, [included], [excluded])
    expect(await list(`${nfc}/typo`, nfd)).toEqual([])
    expect(await list(nfd, nfc)).toEqual([])
    expect(await list(`${nfc}/typo`, `${nfd}/other`)).toHaveLength(1)
  })

  it('find a folder in either Unicode form', async () => {
    const nfd = '/content/dam/é'.normalize('NFD')
    const listed = await listWhole(database, [nfd], [])
    const expected = assets.filter((asset) => covers('/content/dam/é', asset))
    expect(expected.length).toBeGreaterThan(0)
    expect(listed.map((one) => pathKey(one.path))).toEqual(expected.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
  })
})

async function listWhole(database: DatabaseConnection, included: readonly string[], excluded: readonly string[]): Promise<Listed[]> {
  const stretches = await planStatusList(database.kysely, { id: '', included, excluded })
  const listed: Listed[] = []
  for await (const chunk of listStatusChunks(database.forBytes, stretches, { assets: 1000, stretches: 1000 }))
    listed.push(...parseChunk(chunk))
  return listed
}

/** A comma stands before each asset. */
function parseChunk({ json }: StatusChunk): Listed[] {
  return JSON.parse(`[${Buffer.from(json).toString().slice(1)}]`)
}

async function queueJobs(database: DatabaseConnection): Promise<{ retry_count: number }[]> {
  return (await database.executeSql(`select retry_count from pgboss.job where name = 'run-status-job'`)).rows
}
