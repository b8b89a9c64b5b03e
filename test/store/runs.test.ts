import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parseAssetPath } from '../../src/model/asset-path.ts'
import { runPriority } from '../../src/model/run-limits.ts'
import type { RunMark } from '../../src/model/run-progress.ts'
import type { AssetStore, ClaimedAsset, Settlement } from '../../src/processing/ports.ts'
import type { RunOrder, RunStep, RunStore, RunTurn } from '../../src/processing/run-ports.ts'
import { takeRunTurn } from '../../src/processing/take-run-turn.ts'
import { openQueue, type Queue } from '../../src/queue/open-queue.ts'
import { createAssetStore } from '../../src/store/asset-store.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'
import type { Packs } from '../../src/store/packs.ts'
import { countRun } from '../../src/store/queries/count-run.ts'
import { listRuns } from '../../src/store/queries/find-run.ts'
import { findRunCandidates } from '../../src/store/queries/find-run-candidates.ts'
import { planRun, rangesAfter } from '../../src/store/queries/plan-run.ts'
import { createRunStore } from '../../src/store/run-store.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { engines, openTestDatabase } from '../support/test-database.ts'
import { openTestPacks } from '../support/test-packs.ts'

const never = new AbortController().signal
const filter = { types: null, createdFromMs: null, createdToMs: null, selection: 'all' } as const
const order = (path: string, more: Partial<RunOrder> = {}): RunOrder => ({ path, excluded: [], ...filter, createdBy: 'admin', ...more })
const sizes = { batchAssets: 7, windowAssets: 30, scanAssets: 20 }
/** Some windows. */
const many = 150

function settlement(claim: ClaimedAsset): Settlement {
  const isBroken = claim.path.endsWith('7.dita')
  const problem = {
    code: 'NOT_WELL_FORMED',
    severity: 'error',
    message: 'It is broken.\nBadly.',
    remedy: '',
    line: 1,
    column: 2,
    excerpt: null,
  }
  const problemCounts = { error: isBroken ? 1 : 0, warning: 0, info: 0 }
  const common = {
    mediaType: 'application/dita+xml',
    title: null,
    facts: '{}',
    references: '[]',
    targets: '',
    edges: new Float64Array(),
    edgeKinds: new Uint8Array(),
    edgeList: '{}',
    edgeKindList: '',
    failureDetail: null,
  }
  const outcome = isBroken ? 'FAILURE' : 'SUCCESS'
  return {
    claim,
    reading: {
      ...common,
      outcome,
      type: 'DITATOPIC',
      problems: JSON.stringify(isBroken ? [problem] : []),
      problemCounts,
      targetsDigest: 'digest',
    },
    resolution: { id: claim.id, states: '', problems: '[]', problemCounts: { error: 0, warning: 0, info: 0 }, wanted: [] },
  }
}

describe.each(engines)('runs on %s', (engine) => {
  let database: DatabaseConnection
  let queue: Queue
  let packs: Packs & AsyncDisposable
  let store: AssetStore
  let runs: RunStore

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    queue = await openQueue(database, { onTrouble: () => undefined })
    packs = await openTestPacks(database)
    store = createAssetStore(database, queue, { packs })
    runs = createRunStore(database, queue, sizes)
  })
  afterAll(async () => {
    await queue?.[Symbol.asyncDispose]()
    await packs?.[Symbol.asyncDispose]()
    await database?.[Symbol.asyncDispose]()
  })

  const receive = (paths: readonly string[], text: string) =>
    store.receive(
      paths.map((path) => {
        const bytes = Buffer.from(text)
        const sha256 = createHash('sha256').update(bytes).digest()
        return {
          path: parseAssetPath(path),
          size: bytes.length,
          sha256,
          content: { bytes },
          mediaType: 'x',
          onConflict: 'overwrite' as const,
        }
      }),
    )
  /** Post-processes what the queue has orders for, `jobs` of them at most, as workers do: with what is claimed and no more. */
  const work = async (jobs = 1_000_000) => {
    const { rows } = await database.executeSql(
      `delete from pgboss.job where id in (select id from pgboss.job where name = 'post-process-assets' order by priority desc, created_on limit ${jobs}) returning data`,
    )
    const numbers = rows.flatMap(({ data }) => (typeof data === 'string' ? JSON.parse(data) : data).assets as number[])
    const orders = Array.from({ length: numbers.length / 2 }, (_, index) => ({
      id: numbers[2 * index]!,
      revision: numbers[2 * index + 1]!,
    }))
    const claimed = await store.claim(orders)
    for (let at = 0; at < claimed.length; at += 500) await store.settle(claimed.slice(at, at + 500).map(settlement))
    return claimed.length
  }
  const begin = async (id: string): Promise<RunTurn> => (await runs.begin(id))!
  const started = async (one: RunOrder): Promise<string> => {
    const start = await runs.start(one)
    if (start.outcome !== 'started') throw new Error(start.outcome)
    return start.id
  }
  const rowOf = (id: string) => database.kysely.selectFrom('assay.run').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const statuses = async (folder: string) =>
    database.kysely
      .selectFrom('assay.asset')
      .select(['path', 'status', 'settled_at', 'revision'])
      .where('path', 'like', `${folder}/%`)
      .orderBy('path')
      .execute()
  const finish = async (id: string) => {
    const turn = await begin(id)
    await runs.count(turn, never)
    for (let step: RunStep = 'moved'; step !== 'finished'; ) {
      step = await runs.advance(turn)
      if (step === 'lost') throw new Error('The turn was lost.')
      if (step === 'waiting') await work()
    }
  }
  const makeTree = async (folder: string, count: number) => {
    const paths = Array.from({ length: count }, (_, index) => `${folder}/${index % 10}/${index}.dita`)
    for (let at = 0; at < paths.length; at += 500) await receive(paths.slice(at, at + 500), 'x')
    await work()
    return paths
  }

  it.each([1, 2, 3])('that are cancelled, resumed and lost at random moments process each asset once (seed %i)', async (seed) => {
    const random = seededRandom('ASSAY_RUN_SEED', seed)
    const folder = `/content/dam/random-${seed}`
    const paths = await makeTree(folder, many)
    const before = new Map((await statuses(folder)).map((row) => [row.path, row]))
    const since = (await database.kysely.selectFrom('assay.event').select(sql<number>`max(seq)`.as('seq')).executeTakeFirstOrThrow()).seq
    const id = await started(order(folder))
    const touched = new Set<string>()
    let turn = await begin(id)
    let isCancelled = false
    for (let round = 0; (await rowOf(id)).status !== 2; round++) {
      expect(round, `seed ${seed}`).toBeLessThan(2000)
      const what = random.integer(0, 19)
      if (isCancelled) {
        if (what < 8) await work(random.integer(1, 4))
        else {
          expect(await runs.resume(id, 'admin')).toEqual({ outcome: 'done' })
          isCancelled = false
          turn = await begin(id)
        }
      } else if (what === 0) {
        expect(await runs.cancel(id, 'admin')).toEqual({ outcome: 'done' })
        expect(await runs.advance(turn)).toBe('lost')
        isCancelled = true
      } else if (what === 1) {
        // Its worker died, or was thought to be dead: whoever goes on has the run, and the old one nothing.
        const lost = turn
        turn = await begin(id)
        expect(await runs.advance(lost)).toBe('lost')
      } else if (what === 2) {
        const path = random.pick(paths)
        touched.add(path)
        if (random.chance(0.5)) await receive([path], `new ${round}`)
        else await store.remove(parseAssetPath(path))
      } else if (what < 10) await work(random.integer(1, 3))
      else await runs.advance(turn)
      const untrue = await sql<{ path: string }>`
        select path from assay.asset a left join assay.asset_result r on r.asset_id = a.id
        where a.status in (2, 3) and r.revision is distinct from a.revision`.execute(database.kysely)
      expect(untrue.rows).toEqual([])
    }
    const run = await rowOf(id)
    expect(run.taken).toBe(run.succeeded + run.failed + run.replaced + run.deleted)
    await work()
    const { rows } = await sql<{ path: string; times: number }>`
      select path, count(*)::integer as times from assay.event where type = 4 and seq > ${since} and path like ${`${folder}/%`} group by path`.execute(
      database.kysely,
    )
    const times = new Map(rows.map((row) => [row.path, row.times]))
    const after = await statuses(folder)
    const unwaited = after.filter(({ status }) => status < 2)
    expect(unwaited).toEqual([])
    for (const path of paths.filter((one) => !touched.has(one))) expect([path, times.get(path)]).toEqual([path, 1])
    for (const row of after.filter(({ path }) => !touched.has(path))) {
      expect(row.status).toBe(before.get(row.path)!.status)
      expect(row.settled_at! > before.get(row.path)!.settled_at!).toBe(true)
    }
  })

  it('that are cancelled leave every asset as it was or processed, and those that were never processed waiting', async () => {
    const folder = '/content/dam/cancelled'
    await makeTree(folder, 2 * sizes.batchAssets)
    await receive([`${folder}/0/0.dita`, `${folder}/0/10.dita`, `${folder}/new.dita`], 'never processed')
    const before = await statuses(folder)
    const id = await started(order(folder))
    const turn = await begin(id)
    await runs.advance(turn)
    expect((await statuses(folder)).filter(({ status }) => status === 0)).toHaveLength(sizes.batchAssets + 1)
    await runs.cancel(id, 'token:x')
    expect(await statuses(folder)).toEqual(before)
    expect(before.filter(({ status }) => status === 0)).toHaveLength(3)
    const run = await rowOf(id)
    expect([run.status, run.turn]).toEqual([4, 1])
    const { line } = await database.kysely
      .selectFrom('assay.run_log')
      .select('line')
      .where('run_id', '=', id)
      .orderBy('number', 'desc')
      .executeTakeFirstOrThrow()
    expect(line).toMatch(/ INFO {2}cancelled by token:x; withdrawn before they were read: \d+$/)
  })

  it('never restore the status of an asset that was moved or received meanwhile', async () => {
    const folder = '/content/dam/moved'
    await makeTree(folder, 20)
    const id = await started(order(folder))
    await runs.advance(await begin(id))
    await receive([`${folder}/0/0.dita`], 'newer')
    await sql`update assay.asset set path = ${`${folder}/0/elsewhere.dita`} where path = ${`${folder}/0/10.dita`}`.execute(database.kysely)
    await runs.cancel(id, 'admin')
    const waiting = (await statuses(folder)).filter(({ status }) => status === 0).map(({ path }) => path)
    expect(waiting).toEqual([`${folder}/0/0.dita`, `${folder}/0/elsewhere.dita`])
    await runs.resume(id, 'admin')
    await finish(id)
    expect(await rowOf(id)).toMatchObject({ status: 2, taken: 20, replaced: 1, failed: 2, succeeded: 17, total: 20 })
  })

  it('never overlap, however many are ordered at the same moment, and one that overlaps cannot be resumed', async () => {
    const folder = '/content/dam/overlap'
    await makeTree(folder, 20)
    const scopes = ['', '/1', '/2', '/1/1.dita', '/2', '', '/3']
    const starts = await Promise.all(scopes.map((below) => runs.start(order(folder + below))))
    const ids = starts.flatMap((start) => (start.outcome === 'started' ? [start.id] : []))
    const active = await Promise.all(ids.map(rowOf))
    for (const one of active) {
      for (const other of active) {
        const isBelow = one !== other && (one.path === other.path || one.path.startsWith(`${other.path}/`))
        expect([one.path, other.path, isBelow]).toEqual([one.path, other.path, false])
      }
    }
    for (const start of starts.filter(({ outcome }) => outcome !== 'started'))
      expect(start).toEqual({ outcome: 'overlaps', id: expect.toBeOneOf(ids) })
    for (const id of ids) await runs.cancel(id, 'admin')
    const id = await started(order(folder, { excluded: [`${folder}/1`] }))
    const beside = await started(order(`${folder}/1`))
    expect(await runs.start(order(`${folder}/2`))).toEqual({ outcome: 'overlaps', id })
    expect(await runs.resume(ids[0]!, 'admin')).toMatchObject({ outcome: 'overlaps' })
    expect(await runs.cancel(id, 'admin')).toEqual({ outcome: 'done' })
    expect(await runs.cancel(id, 'admin')).toEqual({ outcome: 'refused', status: 'CANCELLED' })
    await runs.cancel(beside, 'admin')
  })

  it('take up what nobody has processed, once in each interval, and only what has no job', async () => {
    const folder = '/content/dam/abandoned'
    await receive([`${folder}/a.dita`, `${folder}/b.dita`], 'x')
    await database.executeSql(`delete from pgboss.job where name = 'post-process-assets'`)
    expect(await runs.takeUpUnprocessed(60_000)).toBeNull()
    const agedBy = (minutes: number) =>
      database.executeSql(`update assay.asset set received_at = now() - interval '${minutes} minutes' where path like '${folder}/%'`)
    await agedBy(20)
    expect(await runs.takeUpUnprocessed(60_000)).toBeNull()
    await receive(['/content/dam/fresh.dita'], 'x')
    await database.executeSql(`update pgboss.job set created_on = now() - interval '30 minutes' where name = 'post-process-assets'`)
    expect(await runs.takeUpUnprocessed(0)).toBeNull()
    await work()
    // The clock was set back since the last look.
    const ahead = { value: String(Date.now() + 3 * 24 * 3_600_000) }
    await database.kysely.updateTable('assay.setting').set(ahead).where('key', '=', 'sweep.unprocessed-at').execute()
    // The clock of another machine says nothing of how long they have waited.
    vi.setSystemTime(Date.now() - 60 * 60_000)
    const id = (await runs.takeUpUnprocessed(0).finally(() => vi.useRealTimers()))!
    expect(await rowOf(id)).toMatchObject({ created_by: 'System', path: '/content/dam', selection: 2 })
    await finish(id)
    expect(await rowOf(id)).toMatchObject({ status: 2, taken: 2, succeeded: 2 })
    expect(await runs.takeUpUnprocessed(0)).toBeNull()
  })

  it('fail with a reason when their job is given up, and go on when they are resumed', async () => {
    const folder = '/content/dam/given-up'
    await makeTree(folder, 20)
    const id = await started(order(folder))
    await runs.advance(await begin(id))
    await runs.fail(id, 'given up after 6 tries')
    expect(await rowOf(id)).toMatchObject({ status: 3, error: 'given up after 6 tries', marks: '[]' })
    await runs.fail(id, 'again')
    await runs.resume(id, 'admin')
    await finish(id)
    const run = await rowOf(id)
    expect(run).toMatchObject({ status: 2, error: null, taken: 20, failed: 2, succeeded: 18 })
    expect((JSON.parse(run.marks) as RunMark[])[0]!.done).toBeGreaterThan(0)
    expect(await runs.expire(3_600_000)).toBe(0)
    expect(await runs.expire(-1)).toBeGreaterThan(0)
    expect(await database.kysely.selectFrom('assay.run_batch').select('number').where('run_id', '=', id).execute()).toEqual([])
  })

  it('have one job each, and get it back when it is lost', async () => {
    await makeTree('/content/dam/job', 10)
    const id = await started(order('/content/dam/job'))
    const jobs = async () =>
      (await database.executeSql(`select state from pgboss.job where name = 'take-run-turn' and singleton_key = '${id}'`)).rows
    await runs.requeueStuck()
    expect(await jobs()).toEqual([{ state: 'created' }])
    await database.executeSql(`delete from pgboss.job where singleton_key = '${id}'`)
    await runs.requeueStuck()
    expect(await jobs()).toEqual([{ state: 'created' }])
    await runs.cancel(id, 'admin')
  })

  it('that are cancelled and resumed before their worker has noticed have a job that goes on', async () => {
    const folder = '/content/dam/again'
    await makeTree(folder, 2 * sizes.windowAssets)
    const id = await started(order(folder))
    const takeTurn = async (meanwhile: () => Promise<unknown>) => {
      const { rows } = await database.executeSql(
        `update pgboss.job set state = 'active' where name = 'take-run-turn' and singleton_key = '${id}' and state = 'created' returning id`,
      )
      const claim = { queue: 'take-run-turn', jobs: rows.map((row) => ({ id: row.id as string, retryCount: 0 })) }
      await takeRunTurn({ runs, delay: async () => void (await meanwhile()), onFinished: () => expect.unreachable() }, id, claim, never)
      const { rows: left } = await database.executeSql(
        `select state from pgboss.job where name = 'take-run-turn' and singleton_key = '${id}' and state < 'completed'`,
      )
      return left
    }
    const resumed = await takeTurn(async () => {
      await runs.cancel(id, 'admin')
      expect(await runs.resume(id, 'admin')).toEqual({ outcome: 'done' })
    })
    expect(resumed).toEqual([{ state: 'created' }])
    const { rows } = await database.executeSql(
      `select distinct priority from pgboss.job where name = 'post-process-assets' and state = 'created'`,
    )
    expect(rows).toEqual([{ priority: runPriority }])
    expect(await takeTurn(() => runs.cancel(id, 'admin'))).toEqual([])
    await runs.resume(id, 'admin')
    await runs.cancel(id, 'admin')
    expect(await takeTurn(() => expect.unreachable())).toEqual([])
    await work()
  })

  it('with ten thousand exclusions are planned and counted at once, and listed a few at a time', async () => {
    const folder = '/content/dam/without'
    await makeTree(folder, 100)
    const below = (name: string) => `${folder}/${name}`
    const excluded = ['1', '1', '1/1.dita', '2/2.dita', '2', '3/3.dita', ...Array.from({ length: 9994 }, (_, index) => `4/none-${index}`)]
    let transactions = 0
    const counting: DatabaseConnection = {
      ...database,
      transaction(work) {
        transactions++
        return database.transaction(work)
      },
    }
    const preview = await createRunStore(counting, queue).preview(order(folder, { excluded: excluded.map(below) }))
    expect(preview).toMatchObject({ total: 79, byExclusion: expect.any(Array) })
    expect(preview!.byExclusion.slice(0, 7)).toEqual([10, 0, 0, 0, 10, 1, 0])
    expect(transactions).toBeLessThan(10)
    for (const one of ['5', '6', '7'])
      await runs.cancel(await started(order(below(one), { excluded: excluded.slice(0, 6000).map(below) })), 'x')
    const newest = await listRuns(database.kysely, undefined, Number.MAX_SAFE_INTEGER, 3)
    expect([newest.hasMore, newest.runs.map(({ path }) => path)]).toEqual([true, [below('7'), below('6')]])
    const next = await listRuns(database.kysely, ['CANCELLED'], newest.runs[1]!.seq, 1)
    expect(next.runs.map(({ path }) => path)).toEqual([below('5')])
    const above = await runs.preview(order(folder, { excluded: [folder, '/content', '/content'] }))
    expect([above!.total, above!.byExclusion]).toEqual([0, [0, 100, 0]])
  })

  it('look for few among many in pieces, and find each once', async () => {
    const folder = '/content/dam/pieces'
    await makeTree(folder, 100)
    const { ranges } = (await planRun(database.kysely, { path: folder, excluded: [`${folder}/3`] }))!
    const failed = { ...filter, selection: 'failed', receivedBefore: new Date(Date.now() + 60_000) } as const
    const found: number[] = []
    let left = ranges
    for (;;) {
      const { ids, lastPath } = await database.transaction((trx) => findRunCandidates(trx, left, failed, { assets: 3, looked: 8 }))
      found.push(...ids)
      if (lastPath === null) break
      left = rangesAfter(ranges, lastPath)
    }
    const { passing } = await countRun(database, ranges, failed)
    expect(found).toHaveLength(10)
    expect(new Set(found).size).toBe(10)
    expect(passing.reduce((sum, count) => sum + count)).toBe(10)
  })
})
