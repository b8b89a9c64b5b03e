import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openCluster } from '../../../src/store/pglite/cluster.ts'
import { DiskGuard, defaultDiskThresholds } from '../../../src/store/pglite/disk-guard.ts'
import { Session } from '../../../src/store/pglite/session.ts'
import type { SeededRandom } from '../../support/seeded-random.ts'
import { createDataDirectory, noDiskLimits } from '../../support/test-database.ts'
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
    const guard = new DiskGuard(directory.path, { ...defaultDiskThresholds, ...noDiskLimits })
    const session = new Session(cluster.pg, guard, new Int32Array(1), { onNotification: () => {} })
    await work(session, commits)
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

/** Commits numbered rows, up to five at once, with checkpoints, vacuums and other tables coming and going in between. */
async function work(session: Session, commits: number): Promise<void> {
  let lastId = 0
  const run = (text: string, values: readonly unknown[] = []) => session.handle(++lastId, { kind: 'run', text, values, transaction: null })
  await run('create table row (number int primary key, filler text)')
  for (let number = 0; number < commits; number++) {
    const answers = [run('insert into row values ($1, $2)', [number, 'x'.repeat(1500)])]
    while (number % 5 !== 0 && number + 1 < commits) answers.push(run('insert into row values ($1, $2)', [++number, 'x'.repeat(1500)]))
    await Promise.all(answers)
    if (number % 29 > 20) await run('create table if not exists other (id int primary key)')
    if (number % 29 < 8) await run('drop table if exists other')
    if (number % 41 > 33) await run('checkpoint')
    if (number % 53 > 44) await run(`update row set filler = 'y'`)
    if (number % 53 < 8) await run('vacuum row')
  }
}
