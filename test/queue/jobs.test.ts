import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ContentStoreUnavailableError } from '../../src/processing/content-ports.ts'
import type { JobClaim, PostProcessOrder } from '../../src/processing/ports.ts'
import { JobClaimLostError } from '../../src/queue/open-queue.ts'
import { engines } from '../support/test-database.ts'
import { markAndComplete, openProbe, type Probe, sendOrders, useCasesWith } from './probe.ts'

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const once = (ids: readonly number[]) => new Map(ids.map((id) => [String(id), 1]))
const soon = { timeout: 60_000, interval: 20 }

describe.each(engines)('the queue on %s', (engine) => {
  let probe: Probe
  beforeAll(async () => {
    probe = await openProbe(engine)
  })
  afterEach(() => probe.clear())
  afterAll(() => probe[Symbol.asyncDispose]())

  test('runs what was committed, once, and nothing of what was rolled back', async () => {
    const { queue, troubles } = await probe.open()
    const failed = probe.database.transaction(async (trx) => {
      await queue.sendPostProcess(trx, [{ id: 99, revision: 1 }])
      throw new Error('rolled back')
    })
    await expect(failed).rejects.toThrow('rolled back')
    await queue.work(useCasesWith({ postProcess: (orders, claim) => markAndComplete(probe.database, queue, orders, claim) }))
    await sendOrders(probe.database, queue, numbers(1, 3))
    await sendOrders(probe.database, queue, numbers(4, 1000))
    await expect.poll(() => probe.marks(), soon).toEqual(once(numbers(1, 1000)))
    await queue.stop()
    expect(await probe.marks()).toEqual(once(numbers(1, 1000)))
    const jobs = await probe.jobs('post-process-assets')
    expect(jobs).toHaveLength(1 + 4)
    // Completed within the transaction of the use case; what pg-boss does to it afterwards has changed nothing.
    for (const job of jobs) expect(job).toMatchObject({ state: 'completed', retryCount: 0 })
    expect(troubles).toEqual([])
  })

  test('sends at most 250 assets a job, in less than 5 kB, and merges small jobs but never a retried one', async () => {
    const { queue } = await probe.open()
    const merged: { orders: readonly PostProcessOrder[]; retries: number[] }[] = []
    let failures = 1
    const large = 123_456_789_012
    for (const id of [1, 2, 3]) await sendOrders(probe.database, queue, [id])
    await probe.database.transaction((trx) => queue.sendPostProcess(trx, [{ id: 2, revision: 7 }]))
    await sendOrders(probe.database, queue, numbers(large, large + 399))
    const { rows } = await probe.database.executeSql('select max(length(data::text)) as length from pgboss.job')
    expect(rows[0].length).toBeLessThan(5000)
    await queue.work(
      useCasesWith({
        async postProcess(orders, claim) {
          if (orders.some(({ id }) => id === 1) && failures-- > 0) throw new Error('once')
          merged.push({ orders, retries: claim.jobs.map((job) => job.retryCount) })
          await markAndComplete(probe.database, queue, orders, claim)
        },
      }),
    )
    await expect.poll(async () => (await probe.marks()).size, soon).toBe(403)
    const first = merged.filter(({ retries }) => retries.every((count) => count === 0))
    const retried = merged.filter(({ retries }) => retries.some((count) => count > 0))
    for (const { orders } of first) expect(orders.length).toBeLessThanOrEqual(500)
    for (const { retries } of retried) expect(retries).toEqual([1])
    expect(retried.flatMap(({ orders }) => orders)).toContainEqual({ id: 1, revision: 1 })
  })

  test('takes the later revision where jobs that are merged name an asset twice', async () => {
    const { queue } = await probe.open()
    for (const revision of [1, 2]) {
      await probe.database.transaction((trx) => queue.sendPostProcess(trx, [{ id: 5, revision }]))
    }
    const seen: (readonly PostProcessOrder[])[] = []
    await queue.work(
      useCasesWith({
        async postProcess(orders) {
          seen.push(orders)
        },
      }),
    )
    // Two workers that fetch at the same moment may take one job each: then there is nothing to merge.
    await expect.poll(() => seen.flat(), soon).toContainEqual({ id: 5, revision: 2 })
    for (const orders of seen) expect(orders).toHaveLength(1)
    if (engine === 'pglite') expect(seen).toEqual([[{ id: 5, revision: 2 }]])
  })

  test('fails a group by itself, tries it again, and hands it to be given up in the end', async () => {
    const { queue, troubles } = await probe.open()
    const givenUp: [readonly PostProcessOrder[], string][] = []
    await sendOrders(probe.database, queue, [13])
    await probe.database.executeSql(`update pgboss.job set retry_limit = 1, retry_delay = 0, retry_backoff = false`)
    for (const id of numbers(1, 3)) await sendOrders(probe.database, queue, numbers(id * 1000, id * 1000 + 199))
    await queue.work(
      useCasesWith({
        async postProcess(orders, claim) {
          if (orders.some(({ id }) => id === 13)) throw new Error('poison')
          await markAndComplete(probe.database, queue, orders, claim)
        },
        async giveUp(orders, reason) {
          givenUp.push([orders, reason])
        },
      }),
    )
    await expect.poll(() => givenUp, soon).toEqual([[[{ id: 13, revision: 1 }], 'given up after 2 tries that did not come to an end']])
    await expect.poll(async () => (await probe.marks()).size, soon).toBeGreaterThanOrEqual(200)
    expect(troubles.map(({ queue, error }) => [queue, String(error)])).toEqual([
      ['post-process-assets', 'Error: poison'],
      ['post-process-assets', 'Error: poison'],
    ])
  })

  test('lets a job wait for the store of contents after its own tries', async () => {
    const { queue } = await probe.open()
    await sendOrders(probe.database, queue, [1])
    await probe.database.executeSql(`update pgboss.job set retry_limit = 2, retry_delay = 0, retry_backoff = false`)
    await queue.work(
      useCasesWith({
        async postProcess() {
          throw new ContentStoreUnavailableError({ cause: 'away' })
        },
      }),
    )
    const resting = async () => {
      const { rows } = await probe.database.executeSql(
        `select state::text, retry_count, retry_limit from pgboss.job where name = 'post-process-assets' and start_after > now() + interval '20 seconds'`,
      )
      return rows
    }
    await expect.poll(resting, soon).toEqual([{ state: 'retry', retry_count: 1, retry_limit: 3 }])
  })

  test('rolls back what a use case does after its job was taken away', async () => {
    const { queue, troubles } = await probe.open()
    let tries = 0
    await queue.work(
      useCasesWith({
        async postProcess(orders, claim) {
          // What the monitor does to a job whose worker is silent.
          if (++tries === 1)
            await probe.database.executeSql(
              `update pgboss.job set state = 'retry', start_after = now() where state = 'active' and name = $1`,
              [claim.queue],
            )
          await markAndComplete(probe.database, queue, orders, claim)
        },
      }),
    )
    await sendOrders(probe.database, queue, [1])
    await expect.poll(() => probe.marks(), soon).toEqual(once([1]))
    expect(tries).toBe(2)
    expect(troubles.map(({ error }) => error)).toEqual([expect.any(JobClaimLostError)])
  })

  test('begins what was sent before the clock was set back', async () => {
    const { queue } = await probe.open()
    await sendOrders(probe.database, queue, [1])
    await probe.database.executeSql(
      `update pgboss.job set start_after = start_after + interval '3 days', created_on = created_on + interval '3 days'`,
    )
    await queue.work(useCasesWith({ postProcess: (orders, claim) => markAndComplete(probe.database, queue, orders, claim) }))
    await expect.poll(() => probe.marks(), soon).toEqual(once([1]))
  })

  test('refuses to complete any of a claim that is held only in part', async () => {
    const { queue } = await probe.open()
    const [busy, leisure, both] = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<JobClaim>()]
    await sendOrders(probe.database, queue, [1])
    await queue.work(
      useCasesWith({
        async postProcess([order], claim) {
          if (order!.id === 1) {
            busy.resolve()
            return leisure.promise
          }
          const part: JobClaim = { ...claim, jobs: claim.jobs.slice(0, 1) }
          await probe.database.transaction((trx) => queue.complete(trx, part))
          both.resolve(claim)
          await probe.database.transaction((trx) => queue.complete(trx, claim))
        },
        giveUp: async () => {},
      }),
    )
    // One of the two workers is at the first job: so nobody else can take one of the two that come together.
    await busy.promise
    await probe.database.transaction(async (trx) => {
      for (const id of [2, 3]) await queue.sendPostProcess(trx, [{ id, revision: 1 }])
    })
    const claim = await both.promise
    leisure.resolve()
    expect(claim.jobs).toHaveLength(2)
    await expect.poll(async () => (await probe.jobs(claim.queue)).map(({ state }) => state).sort(), soon).not.toContain('active')
    expect((await probe.jobs(claim.queue)).find(({ id }) => id === claim.jobs[0]!.id)).toMatchObject({ state: 'completed' })
    expect((await probe.jobs(claim.queue)).find(({ id }) => id === claim.jobs[1]!.id)).toMatchObject({ state: 'retry' })
  })

  test('runs a status job once however often it is sent, and hands a dead one to be given up', async () => {
    const { queue } = await probe.open()
    const [good, bad] = [randomUUID(), randomUUID()]
    const ran: string[] = []
    const givenUp: string[] = []
    for (const id of [good, good, bad]) await probe.database.transaction((trx) => queue.sendStatusJob(trx, id))
    await probe.database.executeSql('update pgboss.job set retry_limit = 0 where id = $1', [bad])
    await queue.work(
      useCasesWith({
        async runStatusJob(id) {
          if (id === bad) throw new Error('cannot be listed')
          ran.push(id)
        },
        async giveUpStatusJob(id, reason) {
          givenUp.push(`${id}: ${reason}`)
        },
      }),
    )
    await expect.poll(() => givenUp, soon).toEqual([`${bad}: given up after 1 try that did not come to an end`])
    expect(ran).toEqual([good])
  })

  test('lets one pass over changed targets wait besides the one that runs', async () => {
    const { queue } = await probe.open()
    const passes: PromiseWithResolvers<void>[] = []
    const send = () => probe.database.transaction((trx) => queue.sendResolve(trx))
    await queue.work(
      useCasesWith({
        async resolveReferences() {
          const pass = Promise.withResolvers<void>()
          passes.push(pass)
          await pass.promise
        },
      }),
    )
    await send()
    await expect.poll(() => passes.length, soon).toBe(1)
    for (let index = 0; index < 5; index++) await send()
    expect((await probe.jobs('resolve-references')).map(({ state }) => state).sort()).toEqual(['active', 'created'])
    passes[0]!.resolve()
    await expect.poll(() => passes.length, soon).toBe(2)
    passes[1]!.resolve()
    await expect
      .poll(async () => (await probe.jobs('resolve-references')).map(({ state }) => state), soon)
      .toEqual(['completed', 'completed'])
    expect(passes).toHaveLength(2)
  })

  test('starts a pass after every change that asked for one was committed', async () => {
    const { queue } = await probe.open()
    await probe.database.executeSql('create table public.change (id int primary key, seen boolean not null default false)')
    await queue.work(
      useCasesWith({
        async resolveReferences(claim) {
          const { rows } = await probe.database.executeSql('select id from public.change where not seen')
          await probe.database.transaction(async (trx) => {
            for (const { id } of rows) await sql`update public.change set seen = true where id = ${id}`.execute(trx)
            await queue.complete(trx, claim)
          })
        },
      }),
    )
    const sender = async (from: number) => {
      for (const id of numbers(from, from + 39)) {
        await probe.database.transaction(async (trx) => {
          await sql`insert into public.change (id) values (${id})`.execute(trx)
          await queue.sendResolve(trx)
          // The time of a commit, in which the waiting pass must not start without us.
          if (engine === 'postgres') await sql`select pg_sleep(0.005)`.execute(trx)
        })
      }
    }
    await Promise.all([sender(0), sender(100), sender(200), sender(300)])
    await expect.poll(async () => (await probe.database.executeSql('select id from public.change where not seen')).rows, soon).toEqual([])
  })

  test('sweeps at start, and when asked to', async () => {
    const { queue } = await probe.open()
    let sweeps = 0
    await queue.work(
      useCasesWith({
        async sweep() {
          sweeps++
        },
      }),
    )
    await expect.poll(() => sweeps, soon).toBe(1)
    await queue.sendSweep()
    await expect.poll(() => sweeps, soon).toBe(2)
  })

  test('reports a payload that it cannot read and goes on with the others', async () => {
    const { queue, troubles } = await probe.open()
    await sendOrders(probe.database, queue, [1])
    await probe.database.executeSql(`update pgboss.job set data = '{"assets":[1]}', retry_limit = 0`)
    await sendOrders(probe.database, queue, [2])
    await queue.work(useCasesWith({ postProcess: (orders, claim) => markAndComplete(probe.database, queue, orders, claim) }))
    await expect.poll(() => probe.marks(), soon).toEqual(once([2]))
    expect(troubles[0]!.error).toBeInstanceOf(TypeError)
  })
})
