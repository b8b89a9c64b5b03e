/**
 * What Assay does with hostile contents, clients and requests, measured on a server of its own: `npm run hostile`, or
 * `npm run hostile -- content|clients|requests`. Prints each figure beside its goal; the exit code is 1 when one is missed.
 *
 * `--length <number>`: how many contents are mutated, connections are held, or requests are sent. `--seed <number>`: the same one makes the
 * same inputs. `--folder <path>`: whose files are mutated, instead of those of examples/. `--engine postgres`: on a PostgreSQL server.
 */
import { parseArgs } from 'node:util'
import { engines } from '../support/test-database.ts'
import { printFigures } from './figures.ts'
import { type HostileOptions, subjects } from './subjects.ts'
import { startWatched } from './watched-server.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { length: { type: 'string' }, seed: { type: 'string' }, folder: { type: 'string' }, engine: { type: 'string' } },
})
const unknown = positionals.filter((name) => !(name in subjects))
const engine = engines.find((name) => name === (values.engine ?? 'pglite'))
if (unknown.length > 0 || engine === undefined) {
  console.error(`Take some of ${Object.keys(subjects).join(', ')}, and one of the engines ${engines.join(', ')}.`)
  process.exitCode = 2
} else {
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  const options: HostileOptions = {
    length: values.length === undefined ? null : Number(values.length),
    seed,
    folder: values.folder ?? null,
  }
  for (const [name, measure] of Object.entries(subjects)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    await using server = await startWatched(engine)
    if (!printFigures(`${name} (${engine}, seed ${seed})`, await measure(server, options))) process.exitCode = 1
  }
}
