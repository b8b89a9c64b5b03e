import { startAssay } from '../support/assay-server.ts'
import { startPostgresServer } from '../support/postgres-server.ts'
import type { SeededRandom } from '../support/seeded-random.ts'
import { createDataDirectory, type EngineName } from '../support/test-database.ts'
import { createClients, runClients } from './clients.ts'
import type { ChaosOutcome } from './embedded.ts'
import { Figures } from './figures.ts'
import { History } from './history.ts'
import { finishStatusJobs, readEverything } from './observe.ts'

export interface StorageFaultOptions {
  readonly engine: EngineName
  /** Share of the calls of stores to which something happens. */
  readonly rate: number
  /** Operations to be answered with success before the end. */
  readonly operations: number
  readonly random: SeededRandom
}

const root = '/content/dam/chaos'
const settledGoalMs = 60_000

/** Lets clients work with a server whose stores fail, and checks what they and it made of it; all must settle while the faults go on. */
export async function failStorage({ engine, rate, operations, random }: StorageFaultOptions): Promise<ChaosOutcome> {
  await using directory = await createDataDirectory()
  // Its own: one that is shared would keep the program from its end.
  await using postgres = engine === 'postgres' ? await startPostgresServer() : null
  const databaseUrl = await postgres?.createDatabase()
  const environment = { ASSAY_STORAGE_FAULTS: String(rate), ASSAY_CHAOS_SEED: String(random.seed) }
  await using server = await startAssay({ dataDirectory: directory.path, ...(databaseUrl && { databaseUrl }), environment })
  const history = new History()
  const figures = new Figures()
  const stop = new AbortController()
  const running = runClients(server, history, createClients(root, 6, random), stop.signal)
  await Promise.race([history.further(operations), running])
  stop.abort()
  const { cut } = await running
  if (cut.length > 0) history.violate(`The server ended or cut connections (${cut.join(', ')}):\n${server.logs().slice(-4000)}`)
  const since = performance.now()
  const all = await readEverything(server, root)
  figures.add(`settled with ${100 * rate} % of calls failing (${engine})`, settledGoalMs, performance.now() - since)
  history.check(all)
  await finishStatusJobs(server, history)
  return { answered: history.answered, assets: all.length, violations: history.violations, figures }
}
