import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { unoptimised } from './program.ts'
import { askForShared, createDatabase, createDataDirectory, type EngineName } from './test-database.ts'

const launcher = fileURLToPath(new URL('../../bin/assay.js', import.meta.url))
const faulty = fileURLToPath(new URL('../chaos/serve-with-faults.ts', import.meta.url))

/** The share of calls of their stores that fail in all servers of this process, from the environment. `null`: none do. */
export const storageFaultRate = process.env.ASSAY_STORAGE_FAULTS ?? null
const startTimeoutMs = 60_000
const password = 'correct horse battery staple'

/** How a server is started. */
export interface AssayOptions {
  /** Embedded unless told otherwise; `postgres` gets a database of its own on the server of this test process. */
  readonly engine?: EngineName
  readonly role?: 'all' | 'api' | 'worker'
  readonly environment?: Readonly<Record<string, string>>
  /** An existing data directory, which outlives the server. Otherwise the server gets one that goes with it. */
  readonly dataDirectory?: string
  readonly databaseUrl?: string
  /** As fast as it can be, for measurements: WebAssembly is optimised while it runs. */
  readonly optimised?: boolean
  /** Called as soon as there is a process, with what ends it. */
  readonly onSpawn?: (kill: () => void) => void
}

/** A running `assay serve`, a process of its own that is reached over HTTP alone. */
export interface AssayServer extends AsyncDisposable {
  /** Empty for a worker, which does not listen. */
  readonly url: string
  /** Value of the Authorization header of the administrator. */
  readonly authorization: string
  readonly pid: number
  readonly dataDirectory: string
  /** `null` with the embedded database. */
  readonly databaseUrl: string | null
  /** Sends a signal and resolves when the process has ended, with its exit code (`null`: ended by the signal). */
  kill(signal?: NodeJS.Signals): Promise<number | null>
  /** Sends a signal without waiting. */
  signal(signal: NodeJS.Signals): void
  /** Resolves with the exit code when the process has ended. */
  exited(): Promise<number | null>
  /** Asks it to stop, as an operator does, and resolves with the exit code. */
  stop(): Promise<number | null>
  /** All that it wrote so far. */
  logs(): string
  /** The first log line with this event that it wrote or will write. */
  logged(event: string, matches?: (line: LogLine) => boolean, timeoutMs?: number): Promise<LogLine>
}

/** A line of the log as JSON. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly event?: string }

/** What an administrator sends. */
export const adminAuthorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`

/** A server that other tests use at the same time. */
export type SharedAssay = Pick<AssayServer, 'url' | 'authorization' | 'pid' | 'dataDirectory' | 'databaseUrl'>

/**
 * The server on this engine that all test files share: for tests that stay in folders of their own (`api.folder`), need no settings, and
 * leave it as it was. It costs nothing, where a server of its own costs a file two seconds of CPU time.
 */
export function sharedAssay(engine: EngineName = 'pglite'): Promise<SharedAssay> {
  const shared = askForShared<SharedAssay>(`/assay/${engine}`)
  if (shared === null) throw new Error('There are shared servers only in a run of vitest.')
  return shared
}

/** Starts a server on a free port and resolves when it serves. Rejects with its log when it does not come up. */
export async function startAssay(options: AssayOptions = {}): Promise<AssayServer> {
  const databaseUrl = options.databaseUrl ?? (options.engine === 'postgres' ? await createDatabase() : null)
  const directory = await prepareDirectory(options, databaseUrl !== null)
  const process = launch(
    {
      ASSAY_HOST: '127.0.0.1',
      ASSAY_PORT: '0',
      ASSAY_DATA_DIR: directory.path,
      ASSAY_ADMIN_PASSWORD: password,
      ASSAY_ROLE: options.role ?? 'all',
      ...(databaseUrl !== null && { ASSAY_DATABASE_URL: databaseUrl }),
      ...options.environment,
    },
    { cwd: join(directory.path, '..'), flags: options.optimised ? [] : unoptimised },
  )
  options.onSpawn?.(() => process.signal('SIGKILL'))
  try {
    const started = await process.logged('server-started', () => true, startTimeoutMs)
    return {
      ...process,
      url: typeof started.url === 'string' ? started.url : '',
      authorization: adminAuthorization,
      dataDirectory: directory.path,
      databaseUrl,
      async [Symbol.asyncDispose]() {
        await process.kill('SIGKILL')
        await directory.remove()
      },
    }
  } catch (error) {
    await process.kill('SIGKILL')
    await directory.remove()
    throw error
  }
}

async function prepareDirectory({ dataDirectory }: AssayOptions, hasServer: boolean) {
  if (dataDirectory !== undefined) return { path: dataDirectory, remove: async () => {} }
  if (!hasServer) {
    const directory = await createDataDirectory()
    return { path: directory.path, remove: async () => directory[Symbol.asyncDispose]() }
  }
  const path = await mkdtemp(join(tmpdir(), 'assay-data-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

interface Watcher {
  readonly wants: (line: LogLine) => boolean
  readonly resolve: (line: LogLine) => void
}

function launch(settings: Readonly<Record<string, string>>, { cwd, flags }: { readonly cwd: string; readonly flags: readonly string[] }) {
  const faults = settings.ASSAY_STORAGE_FAULTS ?? storageFaultRate
  const child = spawn(process.execPath, [...flags, ...(faults === null ? [launcher, 'serve'] : [faulty])], {
    env: { PATH: process.env.PATH ?? '', ...(faults !== null && { ASSAY_STORAGE_FAULTS: faults }), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd,
  })
  const text: string[] = []
  const lines: LogLine[] = []
  const watchers = new Set<Watcher>()
  createInterface({ input: child.stdout }).on('line', (raw) => {
    text.push(raw)
    const line = parseLine(raw)
    if (!line) return
    lines.push(line)
    for (const watcher of watchers) if (watcher.wants(line)) watcher.resolve(line)
  })
  createInterface({ input: child.stderr }).on('line', (raw) => text.push(raw))
  const exited = endOf(child)
  const logs = () => text.join('\n')
  return {
    pid: child.pid!,
    logs,
    exited: () => exited,
    signal: (signal: NodeJS.Signals) => void child.kill(signal),
    async kill(signal: NodeJS.Signals = 'SIGKILL') {
      child.kill(signal)
      return exited
    },
    async stop() {
      child.kill('SIGTERM')
      return exited
    },
    async logged(event: string, matches: (line: LogLine) => boolean = () => true, timeoutMs = 20_000): Promise<LogLine> {
      const wants = (line: LogLine) => line.event === event && matches(line)
      const known = lines.find(wants)
      if (known) return known
      const { promise, resolve, reject } = Promise.withResolvers<LogLine>()
      const watcher = { wants, resolve }
      watchers.add(watcher)
      const fail = (why: string) => reject(new Error(`${why} before it logged "${event}". Its log:\n${logs()}`))
      const timer = setTimeout(() => fail(`${timeoutMs} ms passed`), timeoutMs)
      void exited.then((code) => fail(`The server ended (code ${code})`))
      return promise.finally(() => {
        clearTimeout(timer)
        watchers.delete(watcher)
      })
    },
  }
}

/** The child must not outlive this process, however that ends: a shell waits for the end of its input, which comes with the end of this process. */
function endOf(child: ChildProcess): Promise<number | null> {
  const watcher = spawn('sh', ['-c', 'cat >/dev/null; kill -9 "$1" 2>/dev/null', 'sh', String(child.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watcher.unref()
  ;(watcher.stdin as Socket).unref()
  return once(child, 'exit').then(([code]) => {
    // Before its input ends: the process id may belong to somebody else by then.
    watcher.kill('SIGKILL')
    return code as number | null
  })
}

function parseLine(raw: string): LogLine | null {
  if (!raw.startsWith('{')) return null
  try {
    return JSON.parse(raw) as LogLine
  } catch {
    return null
  }
}
