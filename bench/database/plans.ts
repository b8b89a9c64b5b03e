/**
 * What it costs that statements of the embedded database are planned once, without knowing the values of their parameters (`plan_cache_mode`, see
 * `store/pglite/cluster.ts`): each is run with that plan and with one made for its values.
 *
 *     node bench/database/plans.ts [assets=100000]
 *
 * Prints milliseconds (the fastest of some runs in turns): with the general plan, with one for the values, and of making that; those first that lose
 * most. With SHOW_PLANS=<ms> also both plans of those that lose more than that.
 */
import { Kysely } from 'kysely'
import { openDatabase } from '../../src/store/database.ts'
import { createPgliteDialect } from '../../src/store/pglite/dialect.ts'
import { defaultDiskThresholds } from '../../src/store/pglite/disk-guard.ts'
import { EngineHost } from '../../src/store/pglite/engine-host.ts'
import { defaultMaintenanceIntervals } from '../../src/store/pglite/maintenance.ts'
import type { Schema } from '../../src/store/schema-types.ts'
import { createDataDirectory, noDiskLimits } from '../../test/support/test-database.ts'
import { fillAssets } from '../status/fill-assets.ts'
import { fillTables } from './fill-tables.ts'
import { questions } from './questions.ts'

const assets = Number(process.argv[2] ?? 100_000)
const timeoutMs = 600_000
const runs = 3

/** Nothing that a question changes stays. */
class Undo extends Error {}

interface Captured {
  readonly question: string
  readonly text: string
  readonly values: readonly unknown[]
  /** Settings that the transaction had made for its statements. */
  readonly settings: readonly string[]
}

await using directory = await createDataDirectory()
{
  await using database = await openDatabase({ dataDirectory: directory.path, disk: noDiskLimits })
  await fillAssets(database, assets)
  await fillTables(database)
}
const disk = { ...defaultDiskThresholds, ...noDiskLimits }
const host = new EngineHost({ directory: directory.path, disk, maintenance: defaultMaintenanceIntervals }, console.error)
await host.opened()
const captured = await capture()
const lines: { readonly line: string; readonly loss: number }[] = []
for (const one of captured) lines.push(await compare(one))
for (const { line } of lines.sort((a, b) => b.loss - a.loss)) console.log(line)
await host.close()

/** Asks each question once, and notes the statements with parameters that it takes. */
async function capture(): Promise<Captured[]> {
  const statements: Captured[] = []
  let question = ''
  let settings: string[] = []
  const kysely = new Kysely<Schema>({
    dialect: createPgliteDialect(host, timeoutMs),
    log({ level, query }) {
      if (level === 'error') return
      if (/^\s*select set_config/.test(query.sql)) settings = [...query.sql.matchAll(/'(enable_\w+)'/g)].map(([, name]) => name!)
      else if (query.parameters.length > 0) statements.push({ question, text: query.sql, values: query.parameters, settings })
    },
  })
  for (const [name, ask] of Object.entries(questions)) {
    question = name
    settings = []
    try {
      await kysely.transaction().execute(async (trx) => {
        await ask(trx)
        throw new Undo()
      })
    } catch (error) {
      if (!(error instanceof Undo)) throw new Error(`"${name}" was not answered.`, { cause: error })
    }
  }
  return statements
}

async function compare({ question, text, values, settings }: Captured) {
  await run(`prepare measured as ${text}`)
  const argumentList = values.map(literal).join(', ')
  const measure = (mode: string) =>
    explain(`measured (${argumentList})`, [...settings.map((name) => `${name} = off`), `plan_cache_mode = ${mode}`])
  let generic = await measure('force_generic_plan')
  let custom = await measure('force_custom_plan')
  for (let index = 0; index < runs; index++) {
    generic = faster(generic, await measure('force_generic_plan'))
    custom = faster(custom, await measure('force_custom_plan'))
  }
  await run('deallocate measured')
  const figures = [generic.executionMs, custom.executionMs, custom.planningMs].map((ms) => ms.toFixed(2).padStart(8)).join(' ')
  const line = `${figures}  ${question.padEnd(40)} ${text.replaceAll(/\s+/g, ' ').trim().slice(0, 90)}`
  const loss = generic.executionMs - custom.executionMs - custom.planningMs
  const showsPlans = process.env.SHOW_PLANS !== undefined && loss > Number(process.env.SHOW_PLANS)
  return { line: showsPlans ? `${line}\n${generic.plan}\n--- custom\n${custom.plan}` : line, loss }
}

interface Explained {
  readonly executionMs: number
  readonly planningMs: number
  readonly plan: string
}

async function explain(execution: string, settings: readonly string[]): Promise<Explained> {
  const prelude = settings.map((setting) => `set local ${setting};`).join(' ')
  const { rows } = await run(`begin; ${prelude} explain (analyze, timing off, buffers off) execute ${execution}; rollback`)
  const plan = rows.map((row) => String(row['QUERY PLAN'])).join('\n')
  const ms = (name: string) => Number(new RegExp(`${name} Time: ([\\d.]+) ms`).exec(plan)![1])
  return { executionMs: ms('Execution'), planningMs: ms('Planning'), plan }
}

function faster(one: Explained, other: Explained): Explained {
  return one.executionMs + one.planningMs < other.executionMs + other.planningMs ? one : other
}

function run(text: string) {
  return host.call({ kind: 'run', text, values: [], transaction: null }, timeoutMs)
}

/** A value as a constant of SQL, whose type its parameter says. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  const text = Array.isArray(value) ? `{${value.map(element).join(',')}}` : scalar(value)
  return `'${text.replaceAll("'", "''")}'`
}

function scalar(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  return value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : String(value)
}

function element(value: unknown): string {
  return value === null ? 'NULL' : `"${scalar(value).replaceAll(/["\\]/g, '\\$&')}"`
}
