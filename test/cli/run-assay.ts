import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { unoptimised } from '../support/program.ts'

/** The file that `assay` is. */
export const launcher = fileURLToPath(new URL('../../bin/assay.js', import.meta.url))

/** Lets the launcher believe that an older Node runs it. */
export const asOlderNode = [
  '--import',
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.1.0"}})',
]

export interface Surroundings {
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[]
  readonly settings?: Readonly<Record<string, string>>
  readonly folder?: string
  readonly timeoutMs?: number
}

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs the command line as a user would, in a process of its own that sees only the given settings. */
export async function runAssay(argv: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  const child = spawnAssay(argv, surroundings, { timeout: surroundings.timeoutMs ?? 100_000 })
  const [out, err, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'exit')])
  return { code: code as number | null, out, err }
}

/** A server in a process of its own. Disposing of it asks it to stop, as an operator does, and waits until it has. */
export interface ServingProcess extends AsyncDisposable {
  readonly url: string
  /** Asks it to stop and gives its exit code. */
  stop(): Promise<number | null>
}

/** Starts `assay serve` on a free port and waits until it says that it listens. Rejects with what it said when it ends instead. */
export async function startServing(surroundings: Surroundings): Promise<ServingProcess> {
  const child = spawnAssay(['serve', '--port', '0'], { nodeOptions: unoptimised, ...surroundings })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  const said = text(child.stderr!)
  const url = await Promise.race([
    listeningAt(child),
    ended.then(async (code) => Promise.reject(new Error(`ended with ${code}: ${await said}`))),
  ])
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM')
    return await ended
  }
  return {
    url,
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
    },
  }
}

async function listeningAt(child: ChildProcess): Promise<string> {
  return await new Promise((resolve) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const { event, url } = JSON.parse(line)
      if (event === 'server-started') resolve(url)
    })
  })
}

function spawnAssay(
  argv: readonly string[],
  { settings = {}, folder, nodeOptions = [] }: Surroundings,
  limits: { timeout?: number } = {},
): ChildProcess {
  const env = { PATH: process.env.PATH ?? '', ...settings }
  return spawn(process.execPath, [...nodeOptions, launcher, ...argv], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...limits,
    ...(folder && { cwd: folder }),
  })
}
