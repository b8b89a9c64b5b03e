import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { sql } from 'kysely'
import { describe, expect, test, vi } from 'vitest'
import { openTestDatabase } from '../../support/test-database.ts'

// An idle machine needs seconds; these tests may run beside many others on two cores.
vi.setConfig({ testTimeout: 120_000 })

/** Busy for minutes, and nothing in PostgreSQL would stop it: PGlite ignores statement_timeout. */
const endless = 'select count(*) from generate_series(1, 1000000) a cross join generate_series(1, 1000000) b'

describe('a statement that runs too long', () => {
  test('is ended with its database, which is opened again', async () => {
    await using database = await openTestDatabase('pglite', { migrated: false, callTimeoutMs: 3_000 })
    await database.executeSql('create table note (id int)')
    await database.executeSql('insert into note values (1)')
    const heard = Promise.withResolvers<string>()
    const reconnected = Promise.withResolvers<void>()
    await database.listen('notes', heard.resolve, reconnected.resolve)

    const open = await database.beginTransaction()
    await open.executeSql('insert into note values (2)')
    const attempts = await Promise.allSettled([open.executeSql(endless), database.executeSql('insert into note values (3)')])
    for (const attempt of attempts) expect(attempt).toMatchObject({ status: 'rejected', reason: { name: 'DatabaseUnavailableError' } })
    await expect(open.executeSql('select 1')).rejects.toThrow()
    await open.rollback()

    await reconnected.promise
    expect((await database.executeSql('select id from note')).rows).toStrictEqual([{ id: 1 }])
    await database.executeSql(`select pg_notify('notes', 'still here')`)
    expect(await heard.promise).toBe('still here')
  })

  test('leaves those that only wait for it their own deadline', async () => {
    await using database = await openTestDatabase('pglite', { migrated: false, callTimeoutMs: 1_000 })
    const holder = await database.beginTransaction({ timeoutMs: 20_000 })
    await holder.executeSql('select 1')
    await expect(database.executeSql('create table never (id int)')).rejects.toThrow(/busy for 1000 ms/)
    await holder.executeSql('create table kept (id int)')
    await holder.commit()
    // The statement that gave up waiting was withdrawn and not run later.
    const { rows } = await database.executeSql(`select relname from pg_class where relname in ('never', 'kept')`)
    expect(rows).toStrictEqual([{ relname: 'kept' }])
  })
})

test('the main thread turns while the database is busy', async () => {
  await using database = await openTestDatabase('pglite', { migrated: false })
  using delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  let turns = 0
  const timer = setInterval(() => turns++, 10)
  const start = performance.now()
  await sql`select count(*) from generate_series(1, 4000000)`.execute(database.kysely)
  await Promise.all(Array.from({ length: 300 }, () => database.executeSql('select * from generate_series(1, 200)')))
  const busyMs = performance.now() - start
  clearInterval(timer)
  expect(busyMs).toBeGreaterThan(200)
  // A fifth of the possible turns is far more than a blocked loop has (0) and leaves room for a loaded machine.
  expect(turns).toBeGreaterThan(busyMs / 10 / 5)
  expect(delay.max / 1e6).toBeLessThan(busyMs / 2)
})
