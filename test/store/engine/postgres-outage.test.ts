import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openJobLocks } from '../../../src/queue/job-locks.ts'
import { type DatabaseConnection, openDatabase } from '../../../src/store/database.ts'
import { setWhereKnown } from '../../../src/store/postgres/pool.ts'
import { type PostgresServer, startPostgresServer } from '../../support/postgres-server.ts'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts'

const unavailable = { name: 'DatabaseUnavailableError' }

const select = (database: DatabaseConnection) => database.transaction((trx) => sql`select 1`.execute(trx))

/** Loses the eight connections of a database without a sign: one statement at most finds out, and eight others go on. */
async function expectSoonReplaced(database: DatabaseConnection, proxy: TcpProxy): Promise<void> {
  const selectOnEach = () => Promise.all(Array.from({ length: 8 }, () => select(database)))
  await selectOnEach()
  proxy.freeze()
  const frozenAt = performance.now()
  await expect(select(database)).rejects.toMatchObject(unavailable)
  await selectOnEach()
  expect(performance.now() - frozenAt).toBeLessThan(4_500)
}

describe('a PostgreSQL server', () => {
  let server: PostgresServer

  beforeAll(async () => {
    server = await startPostgresServer()
  })

  afterAll(() => server[Symbol.asyncDispose]())

  test.each(['fast', 'immediate'] as const)('that restarts (%s) costs the statements in flight and nothing else', async (mode) => {
    const incidents: string[] = []
    await using database = await openDatabase({ url: server.url, onIncident: ({ message }) => incidents.push(message) })
    const heard = Promise.withResolvers<string>()
    const reconnected = Promise.withResolvers<void>()
    await database.listen('notes', heard.resolve, reconnected.resolve)
    const open = await database.beginTransaction()
    await open.executeSql('select 1')
    const inFlight = database.executeSql('select pg_sleep(60)').catch((error: unknown) => error)
    await vi.waitFor(async () => {
      const { rows } = await sql`select from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active'`.execute(
        database.kysely,
      )
      expect(rows).toHaveLength(1)
    })
    await server.restart(mode)
    expect(await inFlight).toMatchObject(unavailable)
    await expect(open.executeSql('select 1')).rejects.toThrow()
    await open.rollback()
    await vi.waitFor(() => database.ping())
    await reconnected.promise
    await database.executeSql(`select pg_notify('notes', 'still here')`)
    expect(await heard.promise).toBe('still here')
    expect(incidents.join()).toMatch(/listens for notifications/)
  })

  test('that does not know a setting goes on without it, and a session that broke meanwhile is not taken for one', async () => {
    const client = new pg.Client(server.url)
    client.on('error', Boolean)
    await client.connect()
    await setWhereKnown(client, ['no_such_setting', '1'])
    await client.query('select pg_terminate_backend(pg_backend_pid())').catch(Boolean)
    await expect(setWhereKnown(client, ['idle_session_timeout', '1000'])).rejects.toThrow()
    await client.end()
  })

  test('that is down makes every call say so, until it is back', async () => {
    const url = await server.createDatabase()
    await using database = await openDatabase({ url })
    await server.stop()
    await vi.waitFor(() => expect(database.ping()).rejects.toMatchObject(unavailable))
    await expect(database.executeSql('select 1')).rejects.toMatchObject(unavailable)
    await expect(database.transaction((trx) => sql`select 1`.execute(trx))).rejects.toMatchObject(unavailable)
    await expect(database.beginTransaction()).rejects.toMatchObject(unavailable)
    await expect(database.listen('notes', () => {})).rejects.toMatchObject(unavailable)
    await expect(openDatabase({ url })).rejects.toMatchObject(unavailable)
    await server.start()
    await database.ping()
    await database.transaction((trx) => sql`select 1`.execute(trx))
  })

  test('with no connection left makes callers wait for another time', async () => {
    await using small = await startPostgresServer({ settings: ['max_connections=12', 'superuser_reserved_connections=0'] })
    await using first = await openDatabase({ url: small.url })
    const held = await Promise.all(Array.from({ length: 8 }, () => first.beginTransaction()))
    const rest = openDatabase({ url: small.url }).then(async (second) => {
      await using database = second
      await Promise.all(Array.from({ length: 8 }, () => database.executeSql('select pg_sleep(0.2)')))
    })
    await expect(rest).rejects.toMatchObject(unavailable)
    await Promise.all(held.map((transaction) => transaction.rollback()))
    await first.ping()
  })

  test('connections that are lost without a sign are given up together, soon, and nobody waits for each of them', async () => {
    await using proxy = await startTcpProxy(Number(new URL(server.url).port))
    const url = Object.assign(new URL(await server.createDatabase()), { port: String(proxy.port) }).href
    await using database = await openDatabase({ url })
    await database.listen('any', () => {})
    await expectSoonReplaced(database, proxy)
  })

  test('connections that are lost without a sign just after it was restarted are given up as soon', async () => {
    await using proxy = await startTcpProxy(Number(new URL(server.url).port))
    const url = Object.assign(new URL(await server.createDatabase()), { port: String(proxy.port) }).href
    await using database = await openDatabase({ url })
    await database.listen('any', () => {})
    await server.stop('immediate')
    // Long enough for the connection that listens to try in vain, and to wait before it tries again.
    await pause(2_000)
    await server.start()
    await vi.waitFor(() => select(database), 5_000)
    await pause(100)
    await expectSoonReplaced(database, proxy)
  })

  test('connections that are lost without a sign do not keep a process that stops', async () => {
    await using proxy = await startTcpProxy(Number(new URL(server.url).port))
    const url = Object.assign(new URL(await server.createDatabase()), { port: String(proxy.port) }).href
    const locks = await openJobLocks(url)
    const database = await openDatabase({ url })
    await database.listen('any', () => {})
    await database.executeSql('select 1')
    proxy.freeze()
    const frozenAt = performance.now()
    const waiting = expect(database.executeSql('select 1')).rejects.toMatchObject(unavailable)
    await Promise.all([database[Symbol.asyncDispose](), locks[Symbol.asyncDispose](), waiting])
    expect(performance.now() - frozenAt).toBeLessThan(4_000)
  })

  test('that takes too long for a statement does not hold up the next one', async () => {
    await using database = await openDatabase({ url: server.url, callTimeoutMs: 300 })
    const slow = Array.from({ length: 3 }, () => expect(database.executeSql('select pg_sleep(30)')).rejects.toMatchObject(unavailable))
    await Promise.all(slow)
    const within = database.transaction((trx) => sql`select pg_sleep(30)`.execute(trx))
    await expect(within).rejects.toMatchObject(unavailable)
    await Promise.all(Array.from({ length: 12 }, () => database.executeSql('select 1')))
    await database.transaction((trx) => sql`select 1`.execute(trx))
  })

  test.each(['freeze', 'cut'] as const)('behind a network that fails (%s) is reached again', async (failure) => {
    await using proxy = await startTcpProxy(Number(new URL(server.url).port))
    const url = server.url.replace(/:\d+\//, `:${proxy.port}/`)
    await using database = await openDatabase({ url, callTimeoutMs: 500 })
    const open = await database.beginTransaction()
    await Promise.all([open.executeSql('select 1'), database.executeSql('select 1')])
    proxy[failure]()
    const calls = [database.ping(), database.executeSql('select 1'), open.executeSql('select 1')]
    const outcomes = await Promise.allSettled(calls)
    if (failure === 'freeze') expect(outcomes.map(({ status }) => status)).toStrictEqual(['rejected', 'rejected', 'rejected'])
    await open.rollback()
    await vi.waitFor(() => database.ping())
    await vi.waitFor(() => database.executeSql('select 1'))
  })
})
