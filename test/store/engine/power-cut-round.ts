import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Cluster, openCluster } from '../../../src/store/pglite/cluster.ts'
import type { SeededRandom } from '../../support/seeded-random.ts'
import { createDataDirectory } from '../../support/test-database.ts'
import { PowerCut } from './power-cut.ts'

export interface PowerCutOptions {
  /** Commits before the cut, one numbered row each. */
  readonly commits: number
  /** Share of the sectors that survive though they were not synced. */
  readonly survival: number
  readonly random: SeededRandom
}

const noPanic = (message: string) => {
  throw new Error(message)
}

/** Cuts the power under an embedded database, opens what is left, and gives the numbers of the rows by its table and by its index. */
export async function cutPower({
  commits,
  survival,
  random,
}: PowerCutOptions): Promise<Readonly<Record<'heap' | 'index', readonly number[]>>> {
  await using directory = await createDataDirectory()
  const power = new PowerCut(join(directory.path, 'database'), join(directory.path, 'durable'))
  try {
    const cluster = await openCluster(directory.path, noPanic)
    await work(cluster, commits)
    const target = join(directory.path, 'cut')
    mkdirSync(target)
    power.cut(join(target, 'database'), survival, () => random.integer(0, 999_999) / 1_000_000)
    power.end()
    const { pg } = await openCluster(target, noPanic)
    const numbers = async (scan: 'heap' | 'index') => {
      await pg.exec(`set enable_seqscan = ${scan === 'heap'}; set enable_indexscan = ${scan === 'index'}; set enable_indexonlyscan = off`)
      const { rows } = await pg.query<{ number: number }>('select number from row where number >= 0 order by number')
      return rows.map(({ number }) => number)
    }
    const found = { heap: await numbers('heap'), index: await numbers('index') }
    await pg.close()
    await cluster.pg.close()
    return found
  } finally {
    power.end()
  }
}

/** Commits numbered rows, with checkpoints, vacuums and other tables coming and going in between. */
async function work({ pg }: Cluster, commits: number): Promise<void> {
  await pg.exec('create table row (number int primary key, filler text)')
  for (let number = 0; number < commits; number++) {
    await pg.query('insert into row values ($1, $2)', [number, 'x'.repeat(1500)])
    if (number % 29 === 7)
      await pg.exec('create table if not exists other (id int primary key); insert into other select generate_series(1, 500)')
    if (number % 29 === 17) await pg.exec('drop table other')
    if (number % 41 === 11) await pg.exec('checkpoint')
    if (number % 53 === 23) await pg.exec(`update row set filler = 'y'`)
    if (number % 53 === 24) await pg.exec('vacuum row')
  }
}
