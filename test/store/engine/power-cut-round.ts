import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { startProgram } from '../../support/program.ts'
import type { SeededRandom } from '../../support/seeded-random.ts'
import { createDataDirectory } from '../../support/test-database.ts'
import type { Cut } from './programs/power-cut-hook.ts'

export type PowerCutOptions = Pick<Cut, 'commits' | 'changes' | 'only' | 'survival'> & { readonly random: SeededRandom }

/** The numbers of the rows after a power cut, by the table and by its index, and of how many the commit was acknowledged before. */
export interface Found {
  readonly acknowledged: number
  readonly heap: readonly number[]
  readonly index: readonly number[]
}

export const programs = new URL('./programs/', import.meta.url)

/** Cuts the power under an embedded database at work, and opens what is left. */
export async function cutPower({ random, ...options }: PowerCutOptions): Promise<Found> {
  await using directory = await createDataDirectory('empty')
  // Pages are written while statements run, to make room for others. Each waits for the log, so an answer that does not is seen only without.
  if (options.only === 'tables') appendFileSync(join(directory.path, 'database', 'postgresql.conf'), `shared_buffers = '256kB'\n`)
  const [left, known] = ['left', 'known'].map((name) => join(directory.path, name)) as [string, string]
  const acknowledged = join(directory.path, 'acknowledged')
  const cut: Cut = { ...options, directory: directory.path, left, acknowledged, known, seed: random.integer(0, 2 ** 31) }
  const hook = new URL('power-cut-hook.ts', programs)
  await using program = startProgram(new URL('commit-until-power-cut.ts', programs), [JSON.stringify(cut)], hook)
  const rejected: string[] = []
  for await (const line of program.lines) rejected.push(line)
  if ((await program.exited()) !== null || rejected.length > 0) throw new Error(`${program.errors()}\n${rejected.join('\n')}`)
  return { acknowledged: readFileSync(known, 'latin1').split('\n').length - 1, ...(await readRows(left)) }
}

/** Without syncs: a recovery would begin with those of all its files. */
async function readRows(directory: string): Promise<Omit<Found, 'acknowledged'>> {
  const pg = await PGlite.create(join(directory, 'database'))
  // Transactions get the numbers of those that are lost, and pages that are newer than the log cannot be written.
  for (let number = -8; number < 0; number++) await pg.query('insert into row values ($1)', [number])
  await pg.exec('checkpoint')
  const numbers = async (scan: 'heap' | 'index') => {
    await pg.exec(
      `set enable_seqscan = ${scan === 'heap'}; set enable_indexscan = ${scan === 'index'}; set enable_indexonlyscan = off; set enable_bitmapscan = off`,
    )
    const { rows } = await pg.query<{ number: number }>('select number from row where number >= 0 order by number')
    return rows.map(({ number }) => number)
  }
  const found = { heap: await numbers('heap'), index: await numbers('index') }
  await pg.close()
  return found
}

/** What is wrong with what was found: rows are committed in their order, so a beginning of them is there, with all acknowledged ones. */
export function findLoss({ acknowledged, heap, index }: Found): string[] {
  const wrong: string[] = []
  for (const [name, rows] of Object.entries({ heap, index })) {
    const hole = rows.findIndex((number, position) => number !== position)
    if (hole >= 0) wrong.push(`${name}: there is ${rows[hole]} after ${rows[hole - 1]}`)
    if (rows.length < acknowledged) wrong.push(`${name}: ${rows.length} rows, ${acknowledged} were acknowledged`)
  }
  if (heap.length !== index.length) wrong.push(`${heap.length} rows in the table, ${index.length} in its index`)
  return wrong
}
