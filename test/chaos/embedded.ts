import { setTimeout as pause } from 'node:timers/promises'
import { type AssayServer, startAssay } from '../support/assay-server.ts'
import type { SeededRandom } from '../support/seeded-random.ts'
import { createDataDirectory } from '../support/test-database.ts'
import { createClients, runClients } from './clients.ts'
import { EventReader } from './event-reader.ts'
import { Figures } from './figures.ts'
import { History } from './history.ts'
import { finishStatusJobs, observeTouched, readEverything } from './observe.ts'

/** What is done to an all-in-one server while clients work with it. */
export const embeddedFaults = ['kill', 'kill while starting', 'freeze', 'terminate'] as const
export type EmbeddedFault = (typeof embeddedFaults)[number]

export interface ChaosOptions<Fault> {
  /** One fault per round. */
  readonly faults: readonly Fault[]
  readonly random: SeededRandom
  readonly say?: (line: string) => void
}

export interface ChaosOutcome {
  /** Operations that were answered with success. */
  readonly answered: number
  readonly assets: number
  readonly violations: readonly string[]
  readonly figures: Figures
}

const root = '/content/dam/chaos'
/** A worker that does not answer is replaced after 10 s and a look every 2 s. */
export const freezeMs = 13_000
export const restartGoalMs = 3_000
export const drainGoalMs = 10_000
/** A server that stands still for longer than headers may take refuses those that it finds afterwards, and does nothing. */
export const frozenRefusals = [408]

/** Starts a server on an embedded database round after round, each of which ends with a fault under load, and checks all that was acknowledged. */
export async function disturbEmbedded({ faults, random, say = () => {} }: ChaosOptions<EmbeddedFault>): Promise<ChaosOutcome> {
  await using directory = await createDataDirectory()
  const history = new History()
  const reader = new EventReader()
  const figures = new Figures()
  const clients = createClients(root, 6, random)
  const options = { dataDirectory: directory.path }
  const start = async () => {
    const startedAt = performance.now()
    const server = await startAssay(options)
    figures.add('restart to serving', restartGoalMs, performance.now() - startedAt)
    return server
  }
  for (const [round, fault] of faults.entries()) {
    say(`round ${round + 1}: ${fault}, ${history.answered} answered so far`)
    if (fault === 'kill while starting') {
      await killWhileStarting(options, random.integer(50, 1500))
      continue
    }
    await using server = await start()
    await observeTouched(server, history)
    const stop = new AbortController()
    const following = reader.follow(server, stop.signal)
    const running = runClients(server, history, clients, stop.signal, fault === 'freeze' ? frozenRefusals : [])
    await Promise.race([history.further(random.integer(1, 100)), running])
    await disturb(server, fault, history, figures)
    const { cut } = await running
    stop.abort()
    await following
    if (fault === 'terminate' && cut.length > 0)
      history.violate(`Connections were cut (${cut.join(', ')}) by a server that was told to stop.`)
  }
  await using server = await start()
  const all = await readEverything(server, root)
  history.check(all)
  await reader.check(server, root, all, history)
  await finishStatusJobs(server, history)
  return { answered: history.answered, assets: all.length, violations: history.violations, figures }
}

async function disturb(server: AssayServer, fault: EmbeddedFault, history: History, figures: Figures): Promise<void> {
  if (fault === 'freeze') {
    server.signal('SIGSTOP')
    await pause(freezeMs)
    server.signal('SIGCONT')
    await history.further(10)
  }
  if (fault === 'terminate') await terminate(server, figures)
  else await server.kill('SIGKILL')
}

/** Tells a server to stop, which it should do in good order. */
export async function terminate(server: AssayServer, figures: Figures): Promise<void> {
  const since = performance.now()
  const code = await server.stop()
  figures.add('drained after SIGTERM', drainGoalMs, performance.now() - since)
  if (code !== 0) throw new Error(`A server that was told to stop ended with ${code}:\n${server.logs()}`)
}

async function killWhileStarting(options: { readonly dataDirectory: string }, afterMs: number): Promise<void> {
  const timers: NodeJS.Timeout[] = []
  const onSpawn = (kill: () => void) => void timers.push(setTimeout(kill, afterMs))
  const server = await startAssay({ ...options, onSpawn }).catch(() => null)
  await server?.kill('SIGKILL')
  for (const timer of timers) clearTimeout(timer)
}
