/**
 * Commits numbered rows, up to five at once, with checkpoints, vacuums and other tables coming and going in between, until
 * `power-cut-hook.ts` ends the process. What was acknowledged goes into a file, one line for each row. What was rejected is printed.
 */
import { openSync, writeSync } from 'node:fs'
import { openDatabase } from '../../../../src/store/database.ts'
import { noDiskLimits } from '../../../support/test-database.ts'
import type { Cut } from './power-cut-hook.ts'

const [parameters] = process.argv.slice(2)
const { directory, acknowledged } = JSON.parse(parameters!) as Cut
// The threads of the database have an environment, but no parameters.
process.env.POWER_CUT = parameters!
const database = await openDatabase({ dataDirectory: directory, disk: noDiskLimits })
const acknowledgements = openSync(acknowledged, 'a')

const run = (text: string, values: unknown[] = []) => database.executeSql(text, values)
const insert = async (number: number) => {
  await run('insert into row values ($1, $2)', [number, 'x'.repeat(1500)])
  writeSync(acknowledgements, '.\n')
}

await run('create table if not exists row (number int primary key, filler text)')
for (let number = 0; ; number++) {
  const answers: Promise<unknown>[] = [insert(number)]
  while (number % 5 !== 0) answers.push(insert(++number))
  // What follows is sent before the answers: it runs while what was committed is being synced.
  if (number % 29 > 20) answers.push(run('create table if not exists other (id int primary key)'))
  if (number % 29 < 8) answers.push(run('drop table if exists other'))
  if (number % 41 > 33) answers.push(run('checkpoint'))
  if (number % 53 > 44) answers.push(run(`update row set filler = 'y'`))
  if (number % 53 < 8) answers.push(run('vacuum row'))
  const failed = (await Promise.allSettled(answers)).filter(({ status }) => status === 'rejected')
  if (failed.length > 0) console.log(JSON.stringify({ rejected: failed.length }))
}
