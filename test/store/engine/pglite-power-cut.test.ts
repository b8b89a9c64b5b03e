import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { startProgram } from '../../support/program.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { createDataDirectory } from '../../support/test-database.ts'
import { cutPower, findLoss, programs } from './power-cut-round.ts'

// An idle machine needs seconds; these tests may run beside many others on two cores.
vi.setConfig({ testTimeout: 120_000 })

/** As many as wanted: `npm run chaos -- power --rounds 100`. */
test.each([
  { commits: 9, only: 'tables', changes: 8, survival: { log: 0, tables: 1 } },
  { commits: 30, only: 'tables', changes: 3, survival: { log: 0, tables: 1 } },
  { commits: 60, only: 'all', changes: 3, survival: { log: 0, tables: 0 } },
  { commits: 110, only: 'all', changes: 8, survival: { log: 0.9, tables: 0.9 } },
] as const)('a power cut after $commits commits and $changes changes of $only, of which survive $survival, loses none', async (cut) => {
  const found = await cutPower({ ...cut, random: seededRandom('', cut.commits) })
  expect(found.acknowledged).toBeGreaterThanOrEqual(cut.commits)
  expect(findLoss(found)).toEqual([])
})

test('a sync that fails ends the database: what waited for it is rejected, and it is opened again', async () => {
  await using directory = await createDataDirectory('empty')
  const acknowledged = join(directory.path, 'acknowledged')
  const parameters = JSON.stringify({ directory: directory.path, acknowledged, known: join(directory.path, 'failed') })
  const hook = new URL('failing-sync-hook.ts', programs)
  await using program = startProgram(new URL('commit-until-power-cut.ts', programs), [parameters], hook)
  const { value } = await program.lines.next()
  expect(JSON.parse(value).rejected).toBeGreaterThan(0)
  const { size } = statSync(acknowledged)
  await expect.poll(() => statSync(acknowledged).size, { timeout: 60_000 }).toBeGreaterThan(size + 100)
})
