import { expect, it } from 'vitest'
import { seededRandom } from '../support/seeded-random.ts'
import { disturbEmbedded, type EmbeddedFault } from './embedded.ts'

/** One of each: `.ci/run` has more of them, and the many are for `npm run chaos -- embedded --rounds 200`. */
const faults: readonly EmbeddedFault[] = ['kill', 'kill while starting', 'terminate']

it('a server that is killed at any moment loses nothing that it acknowledged', { timeout: 300_000 }, async () => {
  const random = seededRandom('ASSAY_CHAOS_SEED')
  const { violations, answered, assets, figures } = await disturbEmbedded({ faults, random })
  expect(violations, `ASSAY_CHAOS_SEED=${random.seed}`).toEqual([])
  expect(answered).toBeGreaterThan(faults.length)
  console.log(
    [`${faults.length} faults, ${answered} acknowledged operations, ${assets} assets, nothing lost`, ...figures.lines()].join('\n'),
  )
})
