import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { queueHeartbeatSeconds } from '../../src/model/queue-limits.ts'
import { openJobLocks } from '../../src/queue/job-locks.ts'
import { type Program, startProgram } from '../support/program.ts'
import { createDataDirectory, engines } from '../support/test-database.ts'
import {
  markAndComplete,
  openProbe,
  openProbeDatabase,
  openProbeQueue,
  type Probe,
  sendOrders,
  untilAborted,
  useCasesWith,
} from './probe.ts'

const soon = { timeout: 60_000, interval: 20 }
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const once = (ids: readonly number[]) => new Map(ids.map((id) => [String(id), 1]))

/** Starts a worker and waits until it works. */
async function startWorker(place: string, behaviour: string): Promise<Program> {
  const program = startProgram(new URL('./worker-program.ts', import.meta.url), [place, behaviour])
  onTestFinished(() => program[Symbol.asyncDispose]())
  await said(program, 'ready')
  return program
}

/** The rest of the first line that begins so. */
async function said(program: Program, beginning: string): Promise<string> {
  for await (const line of { [Symbol.asyncIterator]: () => ({ next: () => program.lines.next() }) }) {
    if (line.startsWith(beginning)) return line.slice(beginning.length).trim()
  }
  throw new Error(`The worker ended without saying "${beginning}":\n${program.errors()}`)
}

describe('workers on PostgreSQL', () => {
  let probe: Probe
  beforeEach(async () => {
    probe = await openProbe('postgres')
  })
  afterEach(() => probe[Symbol.asyncDispose]())

  test.each(['freeze', 'half'])(
    'a job starts again long before its heartbeat is missed when its worker (%s) was killed, and has its effect once',
    async (behaviour) => {
      const { queue } = await probe.open()
      const doomed = await startWorker(probe.place, behaviour)
      await sendOrders(probe.database, queue, numbers(1, 150))
      await said(doomed, 'working')
      const restarted = Promise.withResolvers<number>()
      await queue.work(
        useCasesWith({
          async postProcess(orders, claim) {
            restarted.resolve(performance.now())
            await markAndComplete(probe.database, queue, orders, claim)
          },
        }),
      )
      // Long enough held to be no longer in the grace of a job that was just claimed.
      await expect
        .poll(
          async () =>
            (
              await probe.database.executeSql(
                `select 1 from pgboss.job where state = 'active' and name = 'post-process-assets' and started_on < now() - interval '1 second'`,
              )
            ).rows.length,
          soon,
        )
        .toBe(1)
      const killedAt = performance.now()
      await doomed.kill('SIGKILL')
      const tookMs = (await restarted.promise) - killedAt
      await expect.poll(() => probe.marks(), soon).toEqual(once(numbers(1, 150)))
      console.info(`restarted ${Math.round(tookMs)} ms after the kill (${behaviour})`)
      // By its lock: without it the heartbeat would tell. That it takes less than a second is for `npm run chaos -- cluster`.
      expect(tookMs).toBeLessThan((queueHeartbeatSeconds * 1000) / 2)
      expect((await probe.jobs('post-process-assets')).map(({ state, retryCount }) => ({ state, retryCount }))).toEqual([
        { state: 'completed', retryCount: 1 },
      ])
    },
  )

  test('takes nothing away from a worker that lives', async () => {
    const { queue, troubles } = await probe.open()
    const released = Promise.withResolvers<void>()
    let tries = 0
    const useCases = useCasesWith({
      async postProcess(orders, claim) {
        tries++
        await released.promise
        await markAndComplete(probe.database, queue, orders, claim)
      },
    })
    await queue.work(useCases)
    const other = await startWorker(probe.place, 'finish')
    process.kill(other.pid, 'SIGSTOP')
    await sendOrders(probe.database, queue, [1])
    await expect.poll(() => tries, soon).toBe(1)
    process.kill(other.pid, 'SIGCONT')
    // Ten looks of the reaper.
    await expect
      .poll(
        async () =>
          (await probe.database.executeSql(`select 1 from pgboss.job where state = 'active' and started_on < now() - interval '3 seconds'`))
            .rows.length,
        soon,
      )
      .toBe(1)
    released.resolve()
    await expect.poll(() => probe.marks(), soon).toEqual(once([1]))
    expect({ tries, troubles }).toEqual({ tries: 1, troubles: [] })
  })

  test('a frozen worker is replaced, and writes nothing when it thaws', async () => {
    const { queue } = await probe.open()
    const frozen = await startWorker(probe.place, 'wait')
    await sendOrders(probe.database, queue, numbers(1, 10))
    await said(frozen, 'working')
    await queue.work(useCasesWith({ postProcess: (orders, claim) => markAndComplete(probe.database, queue, orders, claim) }))
    process.kill(frozen.pid, 'SIGSTOP')
    await expect.poll(() => probe.marks(), soon).toEqual(once(numbers(1, 10)))
    process.kill(frozen.pid, 'SIGCONT')
    process.kill(frozen.pid, 'SIGUSR2')
    await said(frozen, 'trouble JobClaimLostError')
    expect(await probe.marks()).toEqual(once(numbers(1, 10)))
  })

  test('a worker whose lock connection is cut goes on, with locks again', async () => {
    const { queue, troubles } = await probe.open()
    const released = Promise.withResolvers<void>()
    const locks = `select pid from pg_locks where locktype = 'advisory' and classid = 407202 and database = (select oid from pg_database where datname = current_database())`
    await queue.work(
      useCasesWith({
        async postProcess(orders, claim) {
          await released.promise
          await markAndComplete(probe.database, queue, orders, claim)
        },
      }),
    )
    await sendOrders(probe.database, queue, [1])
    const holders = async () => (await probe.database.executeSql(locks)).rows.map(({ pid }) => pid as number)
    // Other jobs of the queue have such a lock as well, for a moment.
    await expect.poll(async () => [await holders(), await holders()], soon).toEqual([[expect.any(Number)], [expect.any(Number)]])
    const [pid] = await holders()
    await probe.database.executeSql('select pg_terminate_backend($1)', [pid])
    await expect.poll(async () => (await probe.database.executeSql(`${locks} and pid <> $1`, [pid])).rows.length, soon).toBe(1)
    released.resolve()
    await expect.poll(() => probe.marks(), soon).toEqual(once([1]))
    await expect.poll(async () => (await probe.database.executeSql(locks)).rows, soon).toEqual([])
    expect(troubles).toEqual([])
  })

  test('a lock connection that is cut in the middle of a look for orphans says that there are none, and asks again', async () => {
    await probe.open()
    await using locks = await openJobLocks(probe.place)
    const blocking = await probe.database.beginTransaction()
    await blocking.executeSql('lock table pgboss.job in access exclusive mode')
    const orphans = locks.findOrphans(['post-process-assets'])
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    await expect.poll(async () => (await probe.database.executeSql(cut)).rows.length, soon).toBe(1)
    expect(await orphans).toEqual([])
    await blocking.rollback()
  })

  test('share the work and do each part once, while one is killed and one is stopped', async () => {
    const { queue } = await probe.open()
    const [killed, stopped] = await Promise.all([
      startWorker(probe.place, 'finish'),
      startWorker(probe.place, 'finish'),
      startWorker(probe.place, 'finish'),
    ])
    const send = async (from: number) => {
      for (const id of numbers(from, from + 39)) await sendOrders(probe.database, queue, numbers(id * 10, id * 10 + 9))
    }
    const sending = Promise.all([send(0), send(100)])
    await said(killed, 'working')
    await killed.kill('SIGKILL')
    await said(stopped, 'working')
    process.kill(stopped.pid, 'SIGTERM')
    expect(await stopped.exited()).toBe(0)
    await sending
    await expect.poll(async () => (await probe.marks()).size, soon).toBe(800)
    expect(new Set((await probe.marks()).values())).toEqual(new Set([1]))
    await expect
      .poll(async () => new Set((await probe.jobs('post-process-assets')).map(({ state }) => state)), soon)
      .toEqual(new Set(['completed']))
  })
})

describe('the embedded database', () => {
  test('takes up at its next start what a killed process was working on', async () => {
    const directory = await createDataDirectory()
    onTestFinished(() => directory[Symbol.asyncDispose]())
    {
      await using database = await openProbeDatabase(directory.path)
      await database.executeSql('create table public.mark (name text not null)')
      await using queue = await openProbeQueue(database, directory.path, () => {})
      await sendOrders(database, queue, numbers(1, 20))
    }
    const doomed = await startWorker(directory.path, 'freeze')
    await said(doomed, 'working')
    await doomed.kill('SIGKILL')
    await using database = await openProbeDatabase(directory.path)
    await using queue = await openProbeQueue(database, directory.path, () => {})
    const startedAt = performance.now()
    await queue.work(useCasesWith({ postProcess: (orders, claim) => markAndComplete(database, queue, orders, claim) }))
    await expect.poll(async () => (await database.executeSql('select distinct name from public.mark')).rows.length, soon).toBe(20)
    expect(performance.now() - startedAt).toBeLessThan(queueHeartbeatSeconds * 1000)
    const { rows } = await database.executeSql(`select state::text, retry_count from pgboss.job where name = 'post-process-assets'`)
    expect(rows).toEqual([{ state: 'completed', retry_count: 1 }])
  })
})

describe.each(engines)('a stop on %s', (engine) => {
  test('aborts what runs, hands it back to others at once, and leaves nothing behind', async () => {
    await using probe = await openProbe(engine)
    const { queue, troubles } = await probe.open()
    const working = Promise.withResolvers<AbortSignal>()
    await queue.work(
      useCasesWith({
        async postProcess(_orders, _claim, signal) {
          working.resolve(signal)
          await untilAborted(signal)
        },
      }),
    )
    await sendOrders(probe.database, queue, numbers(1, 3))
    const signal = await working.promise
    expect(signal.aborted).toBe(false)
    await queue.stop()
    expect(signal.aborted).toBe(true)
    const [job] = await probe.jobs('post-process-assets')
    expect(job).toMatchObject({ state: 'retry' })
    const { queue: next } = await probe.open()
    await next.work(useCasesWith({ postProcess: (orders, claim) => markAndComplete(probe.database, next, orders, claim) }))
    await expect.poll(() => probe.marks(), { timeout: 5000, interval: 20 }).toEqual(once([1, 2, 3]))
    expect(troubles).toEqual([])
  })

  test('lets a use case end that does not listen', async () => {
    await using probe = await openProbe(engine)
    const { queue } = await probe.open()
    const working = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    await queue.work(
      useCasesWith({
        async postProcess(orders, claim) {
          working.resolve()
          await go.promise
          await markAndComplete(probe.database, queue, orders, claim)
        },
      }),
    )
    await sendOrders(probe.database, queue, [1])
    await working.promise
    const stopped = queue.stop()
    go.resolve()
    await stopped
    expect(await probe.marks()).toEqual(once([1]))
    expect(await probe.jobs('post-process-assets')).toMatchObject([{ state: 'completed', retryCount: 0 }])
  })
})
