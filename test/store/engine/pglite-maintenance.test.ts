import { expect, test, vi } from 'vitest'
import { openDatabase } from '../../../src/store/database.ts'
import { createDataDirectory, noDiskLimits } from '../../support/test-database.ts'

// An idle machine needs seconds; these tests may run beside many others on two cores.
vi.setConfig({ testTimeout: 120_000 })

const disk = noDiskLimits

test('dead rows are vacuumed, statistics renewed and checkpoints made without being asked for', async () => {
  await using directory = await createDataDirectory()
  const incidents: Error[] = []
  await using database = await openDatabase({
    dataDirectory: directory.path,
    disk,
    maintenance: { vacuumMs: 50, checkpointMs: 50 },
    onIncident: (incident) => incidents.push(incident),
  })
  const checkpoints = async () => (await database.executeSql('select redo_lsn::text as lsn from pg_control_checkpoint()')).rows[0].lsn
  const before = await checkpoints()
  await database.executeSql(
    'create table note (id int); insert into note select generate_series(1, 5000); delete from note where id % 2 = 0',
  )
  await vi.waitFor(
    async () => {
      const { rows } = await database.executeSql(
        `select n_dead_tup, vacuum_count, analyze_count from pg_stat_user_tables where relname = 'note'`,
      )
      expect(rows[0]).toMatchObject({ n_dead_tup: 0 })
      expect(rows[0].vacuum_count).toBeGreaterThan(0)
      expect(rows[0].analyze_count).toBeGreaterThan(0)
    },
    { timeout: 20_000 },
  )
  const { rows } = await database.executeSql(`select reltuples::int as estimate from pg_class where relname = 'note'`)
  expect(rows).toStrictEqual([{ estimate: 2500 }])
  await vi.waitFor(async () => expect(await checkpoints()).not.toBe(before), { timeout: 20_000 })
  expect(incidents).toStrictEqual([])
})

test('what was only inserted gets statistics, and is not read and written once more by a vacuum', async () => {
  await using directory = await createDataDirectory()
  await using database = await openDatabase({ dataDirectory: directory.path, disk, maintenance: { vacuumMs: 50, checkpointMs: 60_000 } })
  await database.executeSql('create table note (id int); insert into note select generate_series(1, 5000)')
  await vi.waitFor(
    async () => {
      const { rows } = await database.executeSql(`select vacuum_count, analyze_count from pg_stat_user_tables where relname = 'note'`)
      expect(rows[0].analyze_count).toBeGreaterThan(0)
      expect(rows[0].vacuum_count).toBe(0)
    },
    { timeout: 20_000 },
  )
})

test('writes to the disk as a server does', async () => {
  await using directory = await createDataDirectory()
  await using database = await openDatabase({ dataDirectory: directory.path, disk })
  const settings = `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'wal_sync_method') order by name`
  expect((await database.executeSql(settings)).rows).toStrictEqual([
    { name: 'fsync', setting: 'on' },
    { name: 'full_page_writes', setting: 'on' },
    { name: 'synchronous_commit', setting: 'on' },
    { name: 'wal_sync_method', setting: 'fsync' },
  ])
})
