import { readFileSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../support/assay-api.ts'
import { type AssayServer, startAssay } from '../support/assay-server.ts'
import type { EngineName } from '../support/test-database.ts'
import { atMost, type Figure } from './figures.ts'

const watch = new URL('./event-loop-watch.ts', import.meta.url)
const maxTurnMs = 50
const maxResidentMiB = 1024

/** A server that is watched from within and from outside. */
export interface WatchedServer extends AssayServer {
  /** What its event loop and its memory did since the start, or since the last call. */
  readHealth(): Promise<Figure[]>
}

/** Starts a server of its own process whose event loop is watched. */
export async function startWatched(engine: EngineName): Promise<WatchedServer> {
  const directory = await mkdtemp(join(tmpdir(), 'assay-watch-'))
  const file = join(directory, 'event-loop.json')
  const server = await startAssay({ engine, environment: { NODE_OPTIONS: `--import=${watch}`, LOOP_WATCH_FILE: file } })
  const takeTurns = async (): Promise<{ wallMs: number; cpuMs: number }> => {
    server.signal('SIGUSR2')
    const turns = await eventually(
      async () => readJson(file),
      (read) => read !== null,
    )
    rmSync(file)
    return turns as { wallMs: number; cpuMs: number }
  }
  // Loading the program is one long turn.
  await takeTurns()
  return {
    ...server,
    async readHealth() {
      const { wallMs, cpuMs } = await takeTurns()
      const wall = `${Math.round(wallMs)} ms on the clock`
      const turn = atMost('longest turn of the event loop', cpuMs, maxTurnMs, 'ms of CPU')
      return [{ ...turn, measured: `${turn.measured}, ${wall}` }, atMost('memory at most', residentMiB(server.pid), maxResidentMiB, 'MiB')]
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/** The most that the process has ever had in memory (Linux). */
function residentMiB(pid: number): number {
  const kib = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(kib![1]) / 1024
}
