import { setTimeout as pause } from 'node:timers/promises'
import { apiOf, eventually, topic } from '../support/assay-api.ts'
import { type AssayServer, startAssay } from '../support/assay-server.ts'
import { type PostgresServer, startPostgresServer } from '../support/postgres-server.ts'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { createDataDirectory } from '../support/test-database.ts'
import { createClients, runClients, type Target } from './clients.ts'
import { type ChaosOptions, type ChaosOutcome, freezeMs, frozenRefusals, terminate } from './embedded.ts'
import { EventReader } from './event-reader.ts'
import { Figures } from './figures.ts'
import { History } from './history.ts'
import { finishStatusJobs, observeTouched, readEverything } from './observe.ts'
import { JobWatch } from './watch-jobs.ts'

/** What is done to one API process and two workers on a PostgreSQL server while clients work with them. */
export const clusterFaults = [
  'kill worker',
  'freeze worker',
  'terminate worker',
  'kill api',
  'freeze api',
  'terminate api',
  'restart database fast',
  'restart database immediately',
  'terminate backends',
  'half-open connections',
] as const
export type ClusterFault = (typeof clusterFaults)[number]

const root = '/content/dam/chaos'
const restartedWorkGoalMs = 1_000
const recoveredGoalMs = 5_000
/** What is asked of the server at each connection: 10 s until its first probe, and three of 5 s. */
const serverKeepAliveMs = 25_000
/** Long enough for every kind of process to try in vain. */
const databaseAwayMs = 1_500

/** Lets one fault after another happen to a cluster under load, and checks all that was acknowledged. */
export async function disturbCluster({ faults, random, say = () => {} }: ChaosOptions<ClusterFault>): Promise<ChaosOutcome> {
  await using cluster = await Cluster.start()
  const clients = createClients(root, 6, random)
  const { history, figures } = cluster
  const reader = new EventReader()
  for (const [round, fault] of faults.entries()) {
    say(`round ${round + 1}: ${fault}, ${history.answered} answered so far`)
    const stop = new AbortController()
    const following = reader.follow(cluster.api, stop.signal)
    const running = runClients(cluster.api, history, clients, stop.signal, fault === 'freeze api' ? frozenRefusals : [])
    await Promise.race([history.further(random.integer(10, 150)), running])
    await cluster.disturb(fault)
    stop.abort()
    const { cut } = await running
    await following
    if (fault === 'terminate api' && cut.length > 0)
      history.violate(`Connections were cut (${cut.join(', ')}) by an API process that was told to stop.`)
    await observeTouched(cluster.api, history)
  }
  const all = await readEverything(cluster.api, root)
  history.check(all.filter(({ path }) => !path.startsWith(probes)))
  await reader.check(cluster.api, root, all, history)
  await finishStatusJobs(cluster.api, history)
  return { answered: history.answered, assets: all.length, violations: history.violations, figures }
}

const probes = '/content/dam/probes'

class Cluster implements AsyncDisposable {
  readonly history = new History()
  readonly figures = new Figures()
  readonly #stack = new AsyncDisposableStack()
  readonly #database: PostgresServer
  readonly #proxy: TcpProxy
  readonly #watch: JobWatch
  readonly #place: { readonly databaseUrl: string; readonly dataDirectory: string }
  /** A worker that is being started counts: the fault after next may be its own. */
  readonly #workers: Promise<AssayServer>[] = []
  #api: AssayServer | null = null
  #probes = 0

  static async start(): Promise<Cluster> {
    await using opening = new AsyncDisposableStack()
    const directory = opening.use(await createDataDirectory())
    // Real fsync: an immediate restart must not lose what was committed. The server holds half-open connections for as long as its keep-alive takes.
    const database = opening.use(await startPostgresServer({ durable: true, settings: ['max_connections=400'] }))
    const url = await database.createDatabase()
    const proxy = opening.use(await startTcpProxy(Number(new URL(url).port)))
    const databaseUrl = Object.assign(new URL(url), { port: String(proxy.port) }).href
    const cluster = new Cluster(database, proxy, new JobWatch(url), { databaseUrl, dataDirectory: directory.path })
    opening.defer(() => cluster.#end())
    cluster.#api = await cluster.#start('api')
    cluster.#workers.push(cluster.#start('worker'), cluster.#start('worker'))
    await Promise.all(cluster.#workers)
    cluster.#stack.use(opening.move())
    return cluster
  }

  private constructor(database: PostgresServer, proxy: TcpProxy, watch: JobWatch, place: { databaseUrl: string; dataDirectory: string }) {
    this.#database = database
    this.#proxy = proxy
    this.#watch = watch
    this.#place = place
  }

  get api(): Target {
    return this.#api!
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }

  async #end(): Promise<void> {
    for (const server of [...this.#workers, this.#api]) await (await server)?.[Symbol.asyncDispose]()
  }

  /** A process that finds no database says so and ends; who runs it starts it again. */
  async #start(role: 'api' | 'worker'): Promise<AssayServer> {
    for (;;) {
      try {
        return await startAssay({ ...this.#place, role })
      } catch (error) {
        if (!String(error).includes('PostgreSQL does not answer')) throw error
      }
    }
  }

  /** Lets the fault happen, and resolves when the cluster has got over it. */
  async disturb(fault: ClusterFault): Promise<void> {
    switch (fault) {
      case 'kill worker':
        return this.#killWorker()
      case 'freeze worker':
        return this.#freeze(await this.#workers[0]!)
      case 'terminate worker':
        return this.#replaceWorker((worker) => terminate(worker, this.figures))
      case 'kill api':
        return this.#replaceApi((api) => api.kill('SIGKILL'))
      case 'freeze api':
        return this.#freeze(this.#api!)
      case 'terminate api':
        return this.#replaceApi((api) => terminate(api, this.figures))
      case 'restart database fast':
        return this.#restartDatabase('fast')
      case 'restart database immediately':
        return this.#restartDatabase('immediate')
      case 'terminate backends':
        await this.#watch.terminateBackends()
        return this.#recover('recovered after terminated backends')
      case 'half-open connections':
        this.#proxy.freeze(serverKeepAliveMs)
        return this.#recover('recovered after half-open connections')
      default:
        return fault satisfies never
    }
  }

  async #killWorker(): Promise<void> {
    await this.#replaceWorker(async (worker) => {
      const held = await this.#watch.someHeld()
      const killedAt = performance.now()
      await worker.kill('SIGKILL')
      for (const restartedAt of await this.#watch.orphansRestarted(held)) {
        this.figures.add('work of a dead worker restarted', restartedWorkGoalMs, restartedAt - killedAt)
      }
    })
  }

  async #replaceWorker(end: (worker: AssayServer) => Promise<unknown>): Promise<void> {
    await end(await this.#workers.shift()!)
    this.#workers.push(this.#start('worker'))
  }

  async #replaceApi(end: (api: AssayServer) => Promise<unknown>): Promise<void> {
    await end(this.#api!)
    this.#api = await this.#start('api')
  }

  async #freeze(process: AssayServer): Promise<void> {
    process.signal('SIGSTOP')
    await pause(freezeMs)
    process.signal('SIGCONT')
    await this.history.further(10)
  }

  async #restartDatabase(mode: 'fast' | 'immediate'): Promise<void> {
    await this.#database.stop(mode)
    await pause(databaseAwayMs)
    await this.#database.start()
    await this.#recover(`recovered after a ${mode} restart of the database`)
  }

  /** Recovered is who takes an upload and processes it to its end. */
  async #recover(what: string): Promise<void> {
    const since = performance.now()
    const api = apiOf(this.#api!)
    const path = `${probes}/${++this.#probes}.dita`
    await eventually(
      async () => (await api.put(path, topic('Probe'))).text(),
      (text) => text.includes('"uuid"'),
      60_000,
    )
    this.figures.add(`${what}: upload taken`, recoveredGoalMs, performance.now() - since)
    await eventually(
      async () => (await api.send(`/api/v1/assets/by-path?path=${path}`)).text(),
      (text) => text.includes('"status":"SUCCESS"'),
      60_000,
    )
    this.figures.add(`${what}: upload processed`, recoveredGoalMs, performance.now() - since)
  }
}
