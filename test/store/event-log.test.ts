import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isEventWanted, type NewEvent, type RecordedEvent } from '../../src/model/event.ts'
import type { EventLog } from '../../src/processing/event-log.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'
import { openEventLog } from '../../src/store/event-log.ts'
import { findEventTime } from '../../src/store/queries/find-event-time.ts'
import { readAudit } from '../../src/store/queries/read-audit.ts'
import { writeEvents } from '../../src/store/queries/write-events.ts'
import { engines, openTestDatabase } from '../support/test-database.ts'

const received = (path: string): NewEvent => ({ type: 'asset.received', actor: 'admin', path, subject: `GUID-${path}`, revision: 1 })

describe.each(engines)('the log of events on %s', (engine) => {
  let database: DatabaseConnection
  let log: EventLog & AsyncDisposable
  beforeAll(async () => {
    database = await openTestDatabase(engine)
    log = await openEventLog(database)
  })
  afterAll(async () => {
    await log?.[Symbol.asyncDispose]()
    await database?.[Symbol.asyncDispose]()
  })

  const write = (...events: NewEvent[]) => database.transaction((trx) => writeEvents(trx, events))
  const countEvents = () =>
    database.kysely
      .selectFrom('assay.event')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
  const pathsAfter = async (after: number) => (await log.read({ after, limit: 100 })).events.map(({ path }) => path)

  it('begins empty, and gives what was written as it was written', async () => {
    expect(await log.read({ after: 0, limit: 10 })).toEqual({ events: [], position: 0, isLast: true, isHeldBack: false })
    expect(await log.bounds()).toEqual({ oldest: 0, newest: 0 })
    const processed: NewEvent = {
      type: 'asset.processed',
      actor: 'system',
      path: '/content/dam/a',
      subject: 'GUID-1',
      source: null,
      revision: 2,
      status: 'FAILURE',
      detail: { problems: [{ code: 'X', message: 'It is.' }] },
    }
    await write(processed, { type: 'token.created', actor: 'token:1', subject: '2' })
    const { events, position } = await log.read({ after: 0, limit: 10 })
    expect(events).toMatchObject([processed, { type: 'token.created', actor: 'token:1', path: null, status: null, detail: null }])
    expect(position).toBe(events[1]!.position)
    expect(await log.bounds()).toEqual({ oldest: 0, newest: position })
  })

  it('is held up by nobody', async () => {
    expect(await log.holder(0)).toBeNull()
  })

  it('goes on after a position, wakes who watches, and stops at the limit', async () => {
    const { newest } = await log.bounds()
    const { promise, resolve } = Promise.withResolvers<void>()
    const stop = log.watch(resolve)
    await write(received('/content/dam/1'), received('/content/dam/2'), received('/content/dam/3'))
    await promise
    stop()
    const first = await log.read({ after: newest, limit: 2 })
    expect([first.events.map(({ path }) => path), first.isLast]).toEqual([['/content/dam/1', '/content/dam/2'], false])
    expect(await pathsAfter(first.position)).toEqual(['/content/dam/3'])
  })

  it('filters by type and by path as the stream does', async () => {
    const { newest } = await log.bounds()
    const [composed, decomposed] = (['NFC', 'NFD'] as const).map((form) => 'é'.normalize(form))
    const mixed = `/content/dam/f/${composed}/${decomposed}`
    const names = ['/content/dam/f', '/content/dam/f/a', mixed, '/content/dam/ff', '/content/dam/f0', '/content/dam']
    await write(
      ...names.map(received),
      { type: 'asset.moved', actor: 'admin', path: '/content/dam/g/a', source: '/content/dam/f/a' },
      { ...received('/content/dam/g/b'), source: '/content/dam/f/b' },
      { type: 'token.revoked', actor: 'admin', subject: '1' },
    )
    const all = (await log.read({ after: newest, limit: 100 })).events
    const filters = [
      { paths: ['/content/dam/f'] },
      { paths: ['/content/dam/f', '/content/dam/f/a', '/content/dam/ff'] },
      { paths: [`/content/dam/f/${composed}/${composed}`] },
      { types: ['asset.moved', 'token.revoked'] },
      { types: ['asset.received'], paths: ['/'] },
      { types: ['asset.deleted'] },
    ] as const
    for (const filter of filters) {
      const page = await log.read({ after: newest, limit: 100, ...filter })
      expect(page.events).toEqual(all.filter((event) => isEventWanted(event, filter)))
      expect([page.position, page.isLast]).toEqual([all.at(-1)!.position, true])
    }
    expect(all.filter((event) => isEventWanted(event, filters[0])).map(({ path }) => path)).toEqual([
      '/content/dam/f',
      '/content/dam/f/a',
      mixed,
      '/content/dam/g/a',
    ])
    expect(all.filter((event) => isEventWanted(event, filters[2])).map(({ path }) => path)).toEqual([mixed])
  })

  it('finds a time by halving, and where it may be out of order leaves room', async () => {
    const hours = [0, 1, 2, 2, 2.1, 2, 5, 5, 4.95, 6]
    const { newest } = await log.bounds()
    await write(...hours.map((_, index) => received(`/content/dam/time/${index}`)))
    const from = Date.parse('2100-01-01T00:00:00Z')
    const at = (hour: number) => new Date(from + hour * 3_600_000)
    for (const [index, hour] of hours.entries())
      await sql`update assay.event set at = ${at(hour)} where seq = ${newest + 1 + index}`.execute(database.kysely)
    for (const hour of [-1, 0, 1, 1.5, 2, 2.1, 3, 4.95, 5, 6, 7]) {
      const { before, behind } = await findEventTime(database.kysely, at(hour))
      const first = hours.findIndex((one) => one >= hour - 1 / 6)
      expect(before).toBe(first < 0 ? newest + hours.length : newest + first)
      const later = hours.findIndex((one) => one >= hour + 1 / 6)
      expect(behind).toBe(newest + 1 + (later < 0 ? hours.length : later))
    }
    await sql`update assay.event set at = now() where seq > ${newest}`.execute(database.kysely)
  })

  it('removes old events from the beginning, and says so to who asks for them', async () => {
    const { newest } = await log.bounds()
    await write(received('/content/dam/old/1'), { ...received('/content/dam/old/2'), actor: 'system' }, received('/content/dam/young'))
    await sql`update assay.event set at = now() - interval '2 days' where path is distinct from '/content/dam/young'`.execute(
      database.kysely,
    )
    const [second] = (await log.read({ after: newest, limit: 2 })).events.slice(1)
    expect(await log.prune(86_400_000, 3)).toBe(3)
    expect(await log.prune(86_400_000, 1000)).toBeGreaterThan(3)
    expect(await log.prune(86_400_000, 1000)).toBe(0)
    expect(await pathsAfter(second!.position)).toEqual(['/content/dam/young'])
    const bounds = await log.bounds()
    expect(bounds).toEqual({ oldest: second!.position, newest: second!.position + 1 })
    const changes = async () =>
      (await readAudit(database.kysely, { order: 'newest', from: null, limit: 1000 })).events.map(({ path }) => path)
    expect((await changes()).slice(0, 2)).toEqual(['/content/dam/young', '/content/dam/old/1'])
    const { count } = await countEvents()
    expect(count).toBe((await changes()).length)
    expect(await log.pruneChanges(3 * 86_400_000, 1000)).toBe(0)
    expect(await log.pruneChanges(86_400_000, 2)).toBe(2)
    expect(await log.pruneChanges(86_400_000, 1000)).toBe(count - 3)
    // Of the changes that the log still has none is taken, however old.
    expect(await log.pruneChanges(0, 1000)).toBe(0)
    expect(await changes()).toEqual(['/content/dam/young'])
    for (const after of [0, newest, second!.position - 1, bounds.newest + 1])
      await expect(log.read({ after, limit: 1 })).rejects.toMatchObject({ name: 'EventPositionLostError', ...bounds })
  })
})

/** The embedded database does one transaction at a time. */
describe('writers at the same time', () => {
  let database: DatabaseConnection
  let log: EventLog & AsyncDisposable
  beforeAll(async () => {
    database = await openTestDatabase('postgres')
    log = await openEventLog(database)
  })
  afterAll(async () => {
    await log?.[Symbol.asyncDispose]()
    await database?.[Symbol.asyncDispose]()
  })

  it('show nothing after which something may still appear, and hold up nobody who writes no events', async () => {
    const slow = await database.beginTransaction()
    const foreign = await database.beginTransaction()
    await sql`insert into assay.setting (key, value) values ('foreign', '')`.execute(foreign.kysely)
    await writeEvents(slow.kysely, [received('/content/dam/slow')])
    await database.transaction((trx) => writeEvents(trx, [received('/content/dam/fast')]))
    expect(await log.read({ after: 0, limit: 10 })).toEqual({ events: [], position: 0, isLast: true, isHeldBack: true })
    const held = await log.holder(0)
    expect(held).toEqual({ pid: expect.any(Number), application: 'assay', state: 'idle in transaction', ageMs: expect.any(Number) })
    expect(await log.holder(60_000)).toBeNull()
    await slow.commit()
    expect(await log.holder(0)).toBeNull()
    const { events, isHeldBack } = await log.read({ after: 0, limit: 10 })
    expect([events.map(({ path }) => path), isHeldBack]).toEqual([['/content/dam/slow', '/content/dam/fast'], false])
    await foreign.rollback()
  })

  it('are all seen, once and in one order, by readers that go on from where they were', async () => {
    const from = (await log.bounds()).newest
    const writers = 8
    const transactions = 60
    let writing = true
    const follow = async () => {
      const seen: RecordedEvent[] = []
      let after = from
      for (;;) {
        const done = !writing
        const page = await log.read({ after, limit: 7 })
        seen.push(...page.events)
        after = page.position
        if (done && page.isLast && !page.isHeldBack) return seen
      }
    }
    const readers = [follow(), follow()]
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        for (let index = 0; index < transactions; index++) {
          const trx = await database.beginTransaction()
          await writeEvents(trx.kysely, [received(`/content/dam/${writer}/${index}/1`)])
          if (index % 3 === 0) await sql`select pg_sleep(${(writer % 4) / 1000})`.execute(trx.kysely)
          await writeEvents(trx.kysely, [received(`/content/dam/${writer}/${index}/2`)])
          if (index % 5 === 4) await trx.rollback()
          else await trx.commit()
        }
      }),
    )
    writing = false
    const [one, other] = await Promise.all(readers)
    const { rows } = await sql<{ path: string }>`select path from assay.event where seq > ${from} order by seq`.execute(database.kysely)
    expect(one!.map(({ path }) => path)).toEqual(rows.map(({ path }) => path))
    expect(other).toEqual(one)
    expect(rows).toHaveLength((writers * transactions * 4 * 2) / 5)
  })
})
