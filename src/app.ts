import type { AddressInfo } from 'node:net'
import { createHttpServices } from './app/create-http-services.ts'
import { createUseCases } from './app/create-use-cases.ts'
import { openStores } from './app/open-stores.ts'
import { openWebhooks } from './app/open-webhooks.ts'
import { openBlobStore } from './blobs/open-blob-store.ts'
import type { Config } from './config/config.ts'
import type { Secrets } from './config/secrets.ts'
import type { Server } from './http/server.ts'
import { createLogger, type Logger } from './observe/logger.ts'
import { createOperatorLog, type OperatorLog } from './observe/operator-log.ts'
import { createFollowEvents } from './processing/follow-events.ts'
import type { Reader } from './processing/ports.ts'
import { openQueue } from './queue/open-queue.ts'
import { type DatabaseConnection, openDatabase } from './store/database.ts'
import { openEventLog } from './store/event-log.ts'
import { migrate } from './store/migrate.ts'
import { createStatusJobReader } from './store/status-job-reader.ts'
import { openStatusJobWaiter } from './store/status-job-waiter.ts'
import { openExplainer } from './threads/open-explainer.ts'
import { openReader } from './threads/open-reader.ts'

/** What a test may replace. Everything else is real in tests too. */
export interface AppOverrides {
  readonly logger?: Logger
  /** Stands between the use cases and the stores: tests let calls fail there. */
  readonly wrapStore?: <Store extends object>(store: Store) => Store
}

/** A running Assay. Disposing of it finishes what is in flight, gives the rest back, and leaves nothing open. */
export interface App extends AsyncDisposable {
  /** Begins to listen and to work, as its role says. `url` is `null` for a worker. */
  start(): Promise<{ readonly url: string | null }>
}

/**
 * The one place where everything is put together: opens the database and brings its schema up to date, then the queue, the blobs, the
 * threads and the HTTP server. What fails on the way closes what was opened.
 */
export async function createApp(config: Config, secrets: Secrets, overrides: AppOverrides = {}): Promise<App> {
  const startedAt = performance.now()
  const logger = overrides.logger ?? createLogger({ level: config.logLevel })
  const operatorLog = createOperatorLog(logger)
  await using opening = new AsyncDisposableStack()

  // The threads of the reader and of the database load their code side by side, and this one the HTTP server's meanwhile.
  const readerOpening = config.role === 'api' ? null : useLater(opening, startReader(config, operatorLog))
  const databaseOpening = useLater(opening, openOwnDatabase(config, secrets, operatorLog))
  const { buildServer } = await import('./http/build-server.ts')
  const database = await databaseOpening
  await migrate(database)
  const blobs = await openBlobStore({ dataDirectory: config.dataDirectory, ...s3Of(config, secrets) })
  const url = secrets.databaseUrl?.reveal()
  const queue = opening.use(
    await openQueue(database, { ...(url !== undefined && { databaseUrl: url }), onTrouble: operatorLog.queueTrouble }),
  )
  const stores = openStores({ database, queue, blobs, operatorLog, wrap: overrides.wrapStore ?? ((store) => store) })
  opening.use(stores.orders)
  const eventLog = opening.use(await openEventLog(database))
  const webhooks = await openWebhooks(opening, { config, database, eventLog, operatorLog })
  const reader = await readerOpening
  if (reader) await queue.work(createUseCases({ config, operatorLog, blobs, webhooks: webhooks.store, eventLog, reader, ...stores }))
  let server: Server | null = null
  let ready = false
  if (config.role !== 'worker') {
    const statusJobs = createStatusJobReader(database)
    const waiter = opening.use(await openStatusJobWaiter(database, statusJobs.find))
    const { follow: followEvents } = opening.use(createFollowEvents(eventLog))
    const explainer = opening.use(openExplainer({ onOutput: (line) => operatorLog.threadPrinted({ line }) }))
    const asked = { statusJobs, wait: waiter.wait, isReady: () => ready, eventLog, followEvents, webhooks }
    const services = createHttpServices({ config, database, queue, blobs, secrets, explainer, ...stores, ...asked })
    server = buildServer(await services, { logger, trustedProxies: config.trustedProxies })
    opening.defer(() => server?.close())
  }
  const opened = opening.move()

  return {
    async start() {
      await server?.listen({ host: config.listen.host, port: config.listen.port })
      ready = true
      const address = server === null ? null : addressOf(server, config.listen.host)
      const { role, threads } = config
      const durationMs = Math.round(performance.now() - startedAt)
      operatorLog.serverStarted({ url: address, role, database: database.engine, threads, durationMs })
      return { url: address }
    },
    async [Symbol.asyncDispose]() {
      const stoppingAt = performance.now()
      ready = false
      operatorLog.serverStopping({ reason: 'asked to' })
      await opened.disposeAsync()
      operatorLog.serverStopped({ durationMs: Math.round(performance.now() - stoppingAt) })
    },
  }
}

/** Disposes of what is being opened with the rest, also when something else fails before it is open. */
function useLater<T extends AsyncDisposable>(stack: AsyncDisposableStack, opening: Promise<T>): Promise<T> {
  stack.defer(async () => (await opening.catch(() => null))?.[Symbol.asyncDispose]())
  return opening
}

function openOwnDatabase({ dataDirectory }: Config, { databaseUrl }: Secrets, operatorLog: OperatorLog): Promise<DatabaseConnection> {
  const onIncident = (error: Error) => operatorLog.databaseIncident({ error })
  return openDatabase({ ...(databaseUrl ? { url: databaseUrl.reveal() } : { dataDirectory }), onIncident })
}

function startReader({ threads }: Config, operatorLog: OperatorLog): Promise<Reader & AsyncDisposable> {
  return openReader({ threads, onThreadEnded: operatorLog.threadEnded, onOutput: (line) => operatorLog.threadPrinted({ line }) })
}

function s3Of({ s3 }: Config, secrets: Secrets) {
  if (s3 === null) return {}
  const { bucket, region, endpoint } = s3
  const keys = secrets.s3 && { accessKeyId: secrets.s3.accessKeyId.reveal(), secretAccessKey: secrets.s3.secretAccessKey.reveal() }
  return { s3: { bucket, region, ...(endpoint && { endpoint }), ...(keys && { credentials: keys }) } }
}

function addressOf(server: Server, host: string): string {
  const [address] = server.addresses() as AddressInfo[]
  const shown = host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host
  return `http://${shown}:${address?.port ?? 0}`
}
