import { expect, test, vi } from 'vitest'
import { seededRandom } from '../../support/seeded-random.ts'
import { cutPower } from './power-cut-round.ts'

// An idle machine needs seconds; these tests may run beside many others on two cores.
vi.setConfig({ testTimeout: 120_000 })

/** As many as wanted: `npm run chaos -- power --rounds 100`. */
test.each([
  { survival: 0, commits: 60 },
  { survival: 0.3, commits: 130 },
  { survival: 0.7, commits: 200 },
  { survival: 0.95, commits: 110 },
])('a power cut after $commits commits, where a share of $survival of unsynced sectors survives, loses none', async (cut) => {
  const expected = Array.from({ length: cut.commits }, (_, number) => number)
  expect(await cutPower({ ...cut, random: seededRandom('', cut.commits) })).toStrictEqual({ heap: expected, index: expected })
})
