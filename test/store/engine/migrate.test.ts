import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { openDatabase } from '../../../src/store/database.ts'
import { listMigrations, migrate } from '../../../src/store/migrate.ts'
import { startProgram } from '../../support/program.ts'
import { createDatabase, createDataDirectory, engines, noDiskLimits, openTestDatabase } from '../../support/test-database.ts'

// An idle machine needs seconds; these tests may run beside many others on two cores.
vi.setConfig({ testTimeout: 120_000 })

const program = new URL('./programs/migrate.ts', import.meta.url)

describe.each(engines)('migrations on %s', (engine) => {
  test('are applied once, in their order', async () => {
    await using database = await openTestDatabase(engine, { migrated: false })
    const names = await listMigrations()
    expect(names[0]).toMatch(/^0001-/)
    expect(await migrate(database)).toStrictEqual(names)
    expect(await migrate(database)).toStrictEqual([])
    const { rows } = await database.executeSql('select name from assay.schema_migration order by applied_at, name')
    expect(rows.map(({ name }) => name)).toStrictEqual(names)
  })

  test('that this program does not know are a refusal, not a guess', async () => {
    await using database = await openTestDatabase(engine)
    await database.executeSql(`insert into assay.schema_migration (name) values ('9999-from-the-future')`)
    await expect(migrate(database)).rejects.toMatchObject({
      name: 'DatabaseRefusedError',
      message: expect.stringContaining('9999-from-the-future'),
    })
  })
})

test('several processes that migrate one server at once all succeed, and each migration runs once', async () => {
  const url = await createDatabase('empty')
  const programs = Array.from({ length: 3 }, () => startProgram(program, [url]))
  const applied = await Promise.all(
    programs.map(async (one) => {
      const { value } = await one.lines.next()
      expect({ code: await one.exited(), errors: one.errors() }).toStrictEqual({ code: 0, errors: '' })
      return JSON.parse(value) as string[]
    }),
  )
  expect(applied.flat().sort()).toStrictEqual(await listMigrations())
})

test('the data directory says which schema it has', async () => {
  await using directory = await createDataDirectory('empty')
  await using database = await openDatabase({ dataDirectory: directory.path, disk: noDiskLimits })
  await migrate(database)
  const meta = JSON.parse(await readFile(join(directory.path, 'assay-meta.json'), 'utf8'))
  expect(meta).toStrictEqual({ engine: 'pglite', postgres: 18, schema: (await listMigrations()).at(-1) })
})
