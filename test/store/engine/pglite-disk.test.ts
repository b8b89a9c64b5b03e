import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, test, vi } from 'vitest'
import { type DatabaseConnection, openDatabase } from '../../../src/store/database.ts'
import { canMountDisk, mountSmallDisk, type SmallDisk } from '../../support/small-disk.ts'
import { copyDataDirectory, createDataDirectory, noDiskLimits } from '../../support/test-database.ts'

// An idle machine needs seconds; these tests may run beside many others on two cores.
vi.setConfig({ testTimeout: 120_000 })

const miB = 1024 * 1024
const full = { name: 'DiskFullError' }

test('on a nearly full disk reads go on and writes are refused', async () => {
  await using directory = await createDataDirectory()
  await using database = await openDatabase({ dataDirectory: directory.path, disk: { ...noDiskLimits, minFreeBytes: 2 ** 60 } })
  await expect(database.executeSql('create table note (id int)')).rejects.toMatchObject(full)
  const write = database.transaction((trx) => sql`create table note (id int)`.execute(trx))
  await expect(write).rejects.toMatchObject(full)
  await expect(database.assertDiskSpace()).rejects.toMatchObject(full)
  expect((await database.executeSql('select 1 as one')).rows).toStrictEqual([{ one: 1 }])
})

test('space is asked for before a large upload', async () => {
  await using directory = await createDataDirectory()
  await using database = await openDatabase({ dataDirectory: directory.path, disk: noDiskLimits })
  await database.assertDiskSpace(miB)
  await expect(database.assertDiskSpace(2 ** 60)).rejects.toMatchObject(full)
})

describe.skipIf(!canMountDisk)('a disk of 160 MiB (needs the right to mount one)', () => {
  test('writes are refused while it is nearly full and taken again when there is space', async () => {
    await using disk = await mountSmallDisk(160)
    await using database = await openOn(disk, { minFreeBytes: 8 * miB, minFreeFraction: 0, ballastBytes: 4 * miB })
    await database.executeSql('create table note (id int)')
    const ballast = async () => (await stat(join(disk.path, 'data', 'ballast'))).size
    await vi.waitFor(async () => expect(await ballast()).toBe(4 * miB), { timeout: 30_000 })
    await disk.fill(7 * miB)
    await vi.waitFor(() => expect(database.executeSql('insert into note values (1)')).rejects.toMatchObject(full), { timeout: 30_000 })
    expect((await database.executeSql('select count(*) as notes from note')).rows[0].notes).toBeTypeOf('number')
    await disk.free()
    await vi.waitFor(() => database.executeSql('insert into note values (2)'), { timeout: 30_000 })
  })

  test('when there is no space for the log, the database is opened again at once', async () => {
    await using disk = await mountSmallDisk(160)
    const reopened = Promise.withResolvers<Error>()
    await using database = await openOn(disk, { ...noDiskLimits, ballastBytes: 24 * miB }, reopened.resolve)
    const ballast = async () => (await stat(join(disk.path, 'data', 'ballast'))).size
    await vi.waitFor(async () => expect(await ballast()).toBe(24 * miB), { timeout: 30_000 })
    await disk.fill()
    const log = async () => {
      for (;;) await database.executeSql(`select pg_logical_emit_message(true, 'test', repeat('x', 100000))`)
    }
    await expect(log()).rejects.toMatchObject({ name: 'DatabaseUnavailableError', message: expect.stringContaining('PANIC') })
    expect((await reopened.promise).message).toContain('opened again')
    await database.ping()
    await expect(ballast()).rejects.toMatchObject({ code: 'ENOENT' })
    await disk.free()
    await vi.waitFor(
      async () => {
        await database.ping()
        expect(await ballast()).toBe(24 * miB)
      },
      { timeout: 30_000 },
    )
  })

  test('when it is full all the same, the database comes back with every acknowledged row', async () => {
    await using disk = await mountSmallDisk(160)
    await using database = await openOn(disk, { minFreeBytes: 0, minFreeFraction: 0, ballastBytes: 24 * miB })
    const ballast = async () => (await stat(join(disk.path, 'data', 'ballast'))).size
    await vi.waitFor(async () => expect(await ballast()).toBe(24 * miB), { timeout: 30_000 })
    await database.executeSql(`create table note (id int, text text); alter table note alter text set storage external`)
    await disk.fill(2 * miB)
    const acknowledged = await writeUntilItFails(database)
    expect(acknowledged).toBeGreaterThan(0)
    await disk.free()
    const count = async () => (await database.executeSql('select count(*) as notes from note')).rows[0].notes
    await vi.waitFor(async () => expect(await count()).toBeGreaterThanOrEqual(acknowledged), { timeout: 30_000, interval: 200 })
    await vi.waitFor(() => database.executeSql(`insert into note values (0, 'again')`), { timeout: 30_000, interval: 200 })
  })
})

async function openOn(disk: SmallDisk, limits: typeof noDiskLimits, onIncident?: (incident: Error) => void): Promise<DatabaseConnection> {
  const path = join(disk.path, 'data')
  await copyDataDirectory(path)
  // The default deadline of 30 s: what these tests wait for must not come from the watchdog.
  return openDatabase({ dataDirectory: path, disk: limits, ...(onIncident && { onIncident }) })
}

/** Gives how many rows were acknowledged before the first that was not. */
async function writeUntilItFails(database: DatabaseConnection): Promise<number> {
  for (let id = 0; id < 10_000; id++) {
    try {
      await database.executeSql('insert into note values ($1, $2)', [id, `${id} `.repeat(10_000)])
    } catch (error) {
      expect(error).toMatchObject({ name: expect.stringMatching(/^(DiskFullError|DatabaseUnavailableError)$/) })
      return id
    }
  }
  throw new Error('The disk never became full.')
}
