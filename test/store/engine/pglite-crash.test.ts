import { chmod, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { openDatabase } from '../../../src/store/database.ts'
import { startProgram } from '../../support/program.ts'
import { createDataDirectory, noDiskLimits } from '../../support/test-database.ts'

// An idle machine needs seconds; these tests may run beside many others on two cores.
vi.setConfig({ testTimeout: 120_000 })

const programs = new URL('./programs/', import.meta.url)
const disk = noDiskLimits

describe('kill -9', () => {
  test('loses no row whose commit was acknowledged, in three rounds', async () => {
    await using directory = await createDataDirectory()
    const acknowledged: number[] = []
    for (const rowsBeforeKill of [25, 120, 400]) {
      await using program = startProgram(new URL('commit-until-killed.ts', programs), [directory.path])
      let seen = 0
      for await (const line of program.lines) {
        acknowledged.push(Number(line))
        if (++seen === rowsBeforeKill) break
      }
      expect(program.errors()).toBe('')
      await program.kill()
    }
    await using database = await openDatabase({ dataDirectory: directory.path, disk })
    const { rows } = await database.executeSql('select number from row')
    const present = new Set(rows.map(({ number }) => number))
    expect(acknowledged.length).toBe(545)
    expect(acknowledged.filter((number) => !present.has(number))).toStrictEqual([])
    // Commits that were not acknowledged yet: at most the four in flight at each kill, and those whose line was not read.
    expect(present.size).toBeGreaterThanOrEqual(545)
  })
})

describe('the lock of a data directory', () => {
  test('refuses a second opener, names the first, and does not outlive it', async () => {
    await using directory = await createDataDirectory()
    await using program = startProgram(new URL('hold-directory.ts', programs), [directory.path])
    expect((await program.lines.next()).value).toBe('open')
    const refused = await openDatabase({ dataDirectory: directory.path, disk }).catch((error: unknown) => error)
    expect(refused).toMatchObject({ name: 'DatabaseRefusedError' })
    expect(String(refused)).toContain(`process ${program.pid} on ${hostname()}`)
    process.kill(program.pid, 'SIGSTOP')
    await expect(openDatabase({ dataDirectory: directory.path, disk })).rejects.toMatchObject({ name: 'DatabaseRefusedError' })
    await program.kill()
    await using database = await openDatabase({ dataDirectory: directory.path, disk })
    await database.ping()
  })

  test('refuses a second opener in the same process', async () => {
    await using directory = await createDataDirectory()
    await using database = await openDatabase({ dataDirectory: directory.path, disk })
    await expect(openDatabase({ dataDirectory: directory.path, disk })).rejects.toThrow(`process ${process.pid}`)
    await database.ping()
  })

  test('survives a damaged lock file', async () => {
    await using directory = await createDataDirectory()
    await writeFile(join(directory.path, 'assay.lock'), 'x'.repeat(5000))
    await using database = await openDatabase({ dataDirectory: directory.path, disk })
    await expect(openDatabase({ dataDirectory: directory.path, disk })).rejects.toThrow(`process ${process.pid}`)
    await database.ping()
  })
})

describe('the database of a data directory', () => {
  test('is closed to other accounts of the machine, also when it was not', async () => {
    await using directory = await createDataDirectory()
    const folder = join(directory.path, 'database')
    await chmod(folder, 0o755)
    await using database = await openDatabase({ dataDirectory: directory.path, disk })
    await database.ping()
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
  })
})

describe('the description of a data directory', () => {
  test.each([
    ['another PostgreSQL', { engine: 'pglite', postgres: 17, schema: null }, /PostgreSQL 17/],
    ['a newer schema', { engine: 'pglite', postgres: 18, schema: '9999-from-the-future' }, /9999-from-the-future.*newer/],
  ])('keeps %s from being opened', async (_, meta, message) => {
    await using directory = await createDataDirectory()
    await writeFile(join(directory.path, 'assay-meta.json'), JSON.stringify(meta))
    await expect(openDatabase({ dataDirectory: directory.path, disk })).rejects.toThrow(message)
  })

  test('is refused with advice when it is not readable', async () => {
    await using directory = await createDataDirectory()
    await writeFile(join(directory.path, 'assay-meta.json'), '{"engine"')
    await expect(openDatabase({ dataDirectory: directory.path, disk })).rejects.toThrow(/cannot be read/)
  })
})
