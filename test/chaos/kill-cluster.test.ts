import { expect, it } from 'vitest'
import { seededRandom } from '../support/seeded-random.ts'
import { type ClusterFault, disturbCluster } from './cluster.ts'

/** One of each: `.ci/run` has more of them, and the many are for `npm run chaos -- cluster --rounds 200`. */
const faults: readonly ClusterFault[] = ['kill worker', 'kill api', 'restart database immediately', 'terminate backends', 'terminate api']

it('a cluster whose processes and database are killed at any moment loses nothing that it acknowledged', { timeout: 300_000 }, async () => {
  const random = seededRandom('ASSAY_CHAOS_SEED')
  const { violations, answered, assets, figures } = await disturbCluster({ faults, random })
  expect(violations, `ASSAY_CHAOS_SEED=${random.seed}`).toEqual([])
  expect(answered).toBeGreaterThan(faults.length)
  console.log(
    [`${faults.length} faults, ${answered} acknowledged operations, ${assets} assets, nothing lost`, ...figures.lines()].join('\n'),
  )
})
