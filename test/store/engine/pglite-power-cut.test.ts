import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { type Cluster, openCluster } from '../../../src/store/pglite/cluster.ts'
import { createDataDirectory } from '../../support/test-database.ts'
import { PowerCut } from './power-cut.ts'

// An idle machine needs seconds; these tests may run beside many others on two cores.
vi.setConfig({ testTimeout: 120_000 })

const noPanic = (message: string) => {
  throw new Error(message)
}

/** Park-Miller: a seed repeats the same cut. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

test.each([
  { survival: 0, commits: 60 },
  { survival: 0.3, commits: 130 },
  { survival: 0.7, commits: 200 },
  { survival: 0.95, commits: 110 },
])('a power cut after $commits commits, where a share of $survival of unsynced sectors survives, loses none', async (cut) => {
  await using directory = await createDataDirectory()
  const power = new PowerCut(join(directory.path, 'database'), join(directory.path, 'durable'))
  try {
    const cluster = await openCluster(directory.path, noPanic)
    await work(cluster, cut.commits)
    const target = join(directory.path, 'cut')
    mkdirSync(target)
    power.cut(join(target, 'database'), cut.survival, randomFrom(cut.commits))
    power.end()
    const { pg } = await openCluster(target, noPanic)
    const numbers = async (scan: string) => {
      await pg.exec(`set enable_seqscan = ${scan === 'heap'}; set enable_indexscan = ${scan === 'index'}; set enable_indexonlyscan = off`)
      return (await pg.query<{ number: number }>('select number from row where number >= 0 order by number')).rows.map(
        ({ number }) => number,
      )
    }
    const expected = Array.from({ length: cut.commits }, (_, number) => number)
    expect(await numbers('heap')).toStrictEqual(expected)
    expect(await numbers('index')).toStrictEqual(expected)
    await pg.close()
    await cluster.pg.close()
  } finally {
    power.end()
  }
})

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
