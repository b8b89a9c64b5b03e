import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { openBlobStore } from './blobs/open-blob-store.ts'
import type { Config } from './config/config.ts'
import type { Secrets } from './config/secrets.ts'
import { WebhookMessages } from './http/present/webhook-message.ts'
import type { Server } from './http/server.ts'
import type { HttpServices, WebhookServices } from './http/services.ts'
import type { EventProblem } from './model/event.ts'
import { type BusinessEvents, createBusinessEvents } from './observe/events.ts'
import { createLogger, type Logger } from './observe/logger.ts'
import { applyPathRules } from './processing/apply-path-rules.ts'
import { createChunkedUploads } from './processing/chunked-uploads.ts'
import type { ContentSweep } from './processing/content-sweep-port.ts'
import { createDirectUploads } from './processing/direct-uploads.ts'
import type { EventLog } from './processing/event-log.ts'
import { createFollowEvents, type FollowEvents } from './processing/follow-events.ts'
import { gatherOrders, type OrderGathering } from './processing/gather-orders.ts'
import { giveUp } from './processing/give-up.ts'
import type { PathRuleStore } from './processing/path-rule-ports.ts'
import type { AssetStore, BlobStore, Explainer, Reader, Settlement, StatusJobStore } from './processing/ports.ts'
import { postProcessAssets } from './processing/post-process-assets.ts'
import { createReadExcerpts } from './processing/read-excerpts.ts'
import { createReceiveRevision } from './processing/receive-revision.ts'
import { resolveChangedTargets } from './processing/resolve-changed-targets.ts'
import { createResolveNow } from './processing/resolve-now.ts'
import type { RunStore } from './processing/run-ports.ts'
import { runStatusJob } from './processing/run-status-job.ts'
import { sweep } from './processing/sweep.ts'
import { takeInContent } from './processing/take-in-content.ts'
import { takeRunTurn } from './processing/take-run-turn.ts'
import type { UploadStore } from './processing/upload-store.ts'
import { startWebhookDeliverer } from './processing/webhooks/deliver-webhooks.ts'
import type { ClaimedWebhook } from './processing/webhooks/ports.ts'
import { openQueue, type UseCases } from './queue/open-queue.ts'
import { createAssetStore } from './store/asset-store.ts'
import { createContentSweep } from './store/content-sweep.ts'
import { type DatabaseConnection, openDatabase } from './store/database.ts'
import { openEventLog } from './store/event-log.ts'
import type { JobSender } from './store/job-sender.ts'
import { migrate } from './store/migrate.ts'
import { createPacks, type Packs } from './store/packs.ts'
import { createPathRuleStore } from './store/path-rule-store.ts'
import { takeBackAssets } from './store/queries/claim-assets.ts'
import { readSharedSetting } from './store/queries/read-shared-setting.ts'
import { createRunStore } from './store/run-store.ts'
import { createStatusJobReader } from './store/status-job-reader.ts'
import { createStatusJobStore } from './store/status-job-store.ts'
import { openStatusJobWaiter } from './store/status-job-waiter.ts'
import { createTreeStore } from './store/tree-store.ts'
import { createUploadStore } from './store/upload-store.ts'
import { createWebhookQueue } from './store/webhook-queue.ts'
import { WebhookStore } from './store/webhook-store.ts'
import { openExplainer } from './threads/open-explainer.ts'
import { openReader } from './threads/open-reader.ts'
import { openWebhookSender } from './webhooks/open-sender.ts'
import { createReceiverGuard } from './webhooks/receiver-guard.ts'

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
  const events = createBusinessEvents(logger)
  await using opening = new AsyncDisposableStack()

  // The threads of the reader and of the database load their code side by side, and this one the HTTP server's meanwhile.
  const readerOpening = config.role === 'api' ? null : useLater(opening, startReader(config, events))
  const databaseOpening = useLater(opening, openOwnDatabase(config, secrets, events))
  const { buildServer } = await import('./http/build-server.ts')
  const database = await databaseOpening
  await migrate(database)
  const blobs = await openBlobStore({ dataDirectory: config.dataDirectory, ...s3Of(config, secrets) })
  const url = secrets.databaseUrl?.reveal()
  const queue = opening.use(await openQueue(database, { ...(url !== undefined && { databaseUrl: url }), onTrouble: events.queueTrouble }))
  const stores = openStores({ database, queue, blobs, events, wrap: overrides.wrapStore ?? ((store) => store) })
  opening.use(stores.orders)
  const eventLog = opening.use(await openEventLog(database))
  const webhooks = await openWebhooks(opening, { config, database, eventLog, events })
  const reader = await readerOpening
  if (reader) await queue.work(createUseCases({ config, events, blobs, webhooks: webhooks.store, eventLog, reader, ...stores }))
  let server: Server | null = null
  let ready = false
  if (config.role !== 'worker') {
    const waiter = opening.use(await openStatusJobWaiter(database))
    const { follow: followEvents } = opening.use(createFollowEvents(eventLog))
    const explainer = opening.use(openExplainer({ onOutput: (line) => events.threadPrinted({ line }) }))
    const asked = { wait: waiter.wait, isReady: () => ready, eventLog, followEvents, webhooks }
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
      events.serverStarted({ url: address, role, database: database.engine, threads, durationMs })
      return { url: address }
    },
    async [Symbol.asyncDispose]() {
      const stoppingAt = performance.now()
      ready = false
      events.serverStopping({ reason: 'asked to' })
      await opened.disposeAsync()
      events.serverStopped({ durationMs: Math.round(performance.now() - stoppingAt) })
    },
  }
}

/** Disposes of what is being opened with the rest, also when something else fails before it is open. */
function useLater<T extends AsyncDisposable>(stack: AsyncDisposableStack, opening: Promise<T>): Promise<T> {
  stack.defer(async () => (await opening.catch(() => null))?.[Symbol.asyncDispose]())
  return opening
}

function openOwnDatabase({ dataDirectory }: Config, { databaseUrl }: Secrets, events: BusinessEvents): Promise<DatabaseConnection> {
  const onIncident = (error: Error) => events.databaseIncident({ error })
  return openDatabase({ ...(databaseUrl ? { url: databaseUrl.reveal() } : { dataDirectory }), onIncident })
}

function startReader({ threads }: Config, events: BusinessEvents): Promise<Reader & AsyncDisposable> {
  return openReader({ threads, onThreadEnded: events.threadEnded, onOutput: (line) => events.threadPrinted({ line }) })
}

/** What is kept in the database. */
interface Stores {
  readonly packs: Packs
  readonly store: AssetStore
  readonly jobs: StatusJobStore
  readonly runs: RunStore
  readonly rules: PathRuleStore
  readonly uploads: UploadStore
  readonly contents: ContentSweep
  readonly orders: OrderGathering
}

interface StoreParts {
  readonly database: DatabaseConnection
  readonly queue: JobSender
  readonly blobs: BlobStore
  readonly events: BusinessEvents
  readonly wrap: NonNullable<AppOverrides['wrapStore']>
}

function openStores({ database, queue, blobs, events, wrap }: StoreParts): Stores {
  // The embedded database has one process, so nobody else removes blobs.
  const sharedBlobs = database.engine === 'pglite' ? undefined : blobs
  const packs = createPacks(database, blobs)
  const store: AssetStore = wrap(createAssetStore(database, queue, { packs, sharedBlobs, onOrdersWait: (count) => orders.sendSoon(count) }))
  const orders = gatherOrders(store, (error) => events.queueTrouble({ queue: null, jobs: [], error }))
  return {
    packs,
    store,
    orders,
    jobs: wrap(createStatusJobStore(database, queue)),
    runs: wrap(createRunStore(database, queue)),
    rules: wrap(createPathRuleStore(database, queue)),
    uploads: wrap(createUploadStore(database, packs, sharedBlobs)),
    contents: wrap(createContentSweep(database, packs)),
  }
}

interface WorkParts extends Stores {
  readonly config: Config
  readonly events: BusinessEvents
  readonly blobs: BlobStore
  readonly webhooks: Pick<WebhookStore, 'forget'>
  readonly eventLog: EventLog
  readonly reader: Reader
}

function createUseCases(parts: WorkParts): UseCases {
  const { config, events, store, jobs, runs, rules, blobs, reader } = parts
  const { statusJobRetentionMs: retentionMs } = config
  return {
    async postProcess(orders, claim, signal) {
      const startedAt = performance.now()
      let settled = 0
      let failed = 0
      const onSettled = (part: readonly Settlement[]) => {
        settled += part.length
        for (const { claim: asset, reading } of part) {
          if (reading.failureDetail === null) continue
          failed++
          const { problems } = JSON.parse(reading.failureDetail) as { problems: readonly EventProblem[] }
          events.assetFailed({ path: asset.path, revision: asset.revision, codes: [...new Set(problems.map(({ code }) => code))] })
        }
      }
      await postProcessAssets({ store, blobs, reader, onSettled }, orders, claim, signal)
      events.batchSettled({
        assets: orders.length,
        succeeded: settled - failed,
        failed,
        outdated: orders.length - settled,
        durationMs: Math.round(performance.now() - startedAt),
      })
    },
    takeBack: takeBackAssets,
    giveUp: (orders, reason) => giveUp({ store, blobs, reader }, orders, reason),
    async runStatusJob(id, claim, signal) {
      const startedAt = performance.now()
      const onFinished = (jobId: string, assets: number) =>
        events.statusJobFinished({ jobId, assets, durationMs: Math.round(performance.now() - startedAt) })
      await runStatusJob({ jobs, rules, retentionMs, onFinished }, id, claim, signal)
    },
    async giveUpStatusJob(id, reason) {
      await jobs.fail(id, reason, retentionMs)
      events.statusJobFailed({ jobId: id, reason })
    },
    resolveReferences: (_claim, signal) =>
      resolveChangedTargets(
        { store, reader, delay: pause, onResolved: (looked, written) => events.referencesResolved({ looked, written }) },
        signal,
      ),
    takeRunTurn: (id, claim, signal) =>
      takeRunTurn({ runs, delay: pause, onFinished: (runId) => events.runFinished({ runId }) }, id, claim, signal),
    async giveUpRun(id, reason) {
      await runs.fail(id, reason)
      events.runFailed({ runId: id, reason })
    },
    applyPathRules: (signal) => applyPathRules(rules, signal),
    async sweep(signal) {
      const { run, eventHolder } = await sweep({ ...parts, ...config }, signal)
      if (run !== null) events.unprocessedTakenUp({ runId: run })
      if (eventHolder !== null) events.eventsHeldUp(eventHolder)
    },
  }
}

interface WebhookParts {
  readonly config: Config
  readonly database: DatabaseConnection
  readonly eventLog: EventLog
  readonly events: BusinessEvents
}

/** Gives what the routes need, and delivers where this process works. */
async function openWebhooks(opening: AsyncDisposableStack, { config, database, eventLog, events }: WebhookParts): Promise<WebhookServices> {
  const guard = createReceiverGuard(config.webhookPrivateReceivers)
  const messages = new WebhookMessages(`urn:uuid:${await readSharedSetting(database.kysely, 'installation', randomUUID())}`)
  const services = { store: new WebhookStore(database), messages, refusalOf: guard.refusalOf }
  if (config.role === 'api') return services
  const nameOf = ({ id, url }: ClaimedWebhook) => ({ webhook: id, receiver: new URL(url).host })
  const deliverer = startWebhookDeliverer({
    queue: createWebhookQueue(database),
    log: eventLog,
    sender: opening.use(openWebhookSender(guard)),
    createMessage: (event, format) => messages.ofEvent(event, format),
    random: Math.random,
    onTried(webhook, { message, answer: { status, error }, retryInMs }) {
      if (error !== null) events.webhookFailed({ ...nameOf(webhook), message: message.id, status, reason: error, retryInMs })
    },
    onDisabled: (webhook) => events.webhookDisabled(nameOf(webhook)),
    onGap: (webhook) => events.webhookMissedEvents(nameOf(webhook)),
    onError: (error) => events.webhookTrouble({ error }),
  })
  opening.use(await deliverer)
  return services
}

interface HttpParts extends Stores {
  readonly config: Config
  readonly database: DatabaseConnection
  readonly queue: JobSender
  readonly blobs: BlobStore
  readonly secrets: Secrets
  readonly explainer: Explainer
  readonly eventLog: EventLog
  readonly webhooks: WebhookServices
  readonly followEvents: FollowEvents
  readonly wait: HttpServices['waitForStatusJob']
  isReady(): boolean
}

async function createHttpServices(parts: HttpParts): Promise<HttpServices> {
  const {
    config,
    database,
    queue,
    blobs,
    packs,
    store,
    uploads,
    jobs,
    runs,
    rules,
    secrets,
    explainer,
    wait,
    isReady,
    eventLog,
    followEvents,
    webhooks,
  } = parts
  const receive = createReceiveRevision(store, blobs)
  return {
    database,
    blobs,
    packs,
    readExcerpts: createReadExcerpts({ store, blobs, explainer }),
    resolveNow: createResolveNow(store, explainer),
    receive,
    takeIn: (incoming) => takeInContent(incoming, blobs),
    receiveChunk: createChunkedUploads(uploads, receive, blobs),
    uploads: createDirectUploads(uploads, receive, blobs),
    uploadKey: await readUploadKey(database),
    publicUrl: config.publicUrl,
    remove: store.remove,
    tree: createTreeStore(database, queue),
    pathRules: rules,
    createFolder: store.createFolder,
    async startStatusJob(order) {
      const id = randomUUID()
      await jobs.create({ id, ...order })
      return id
    },
    waitForStatusJob: wait,
    statusJobs: createStatusJobReader(database),
    runs,
    eventLog,
    followEvents,
    webhooks,
    async verifyAdminPassword(password) {
      return secrets.adminPassword !== null && timingSafeEqual(digest(password), digest(secrets.adminPassword.reveal()))
    },
    isReady,
  }
}

/** Made by the first process on the database, so that every process takes what another one granted, and a restart changes nothing. */
async function readUploadKey({ kysely }: DatabaseConnection): Promise<Buffer> {
  return Buffer.from(await readSharedSetting(kysely, 'upload-key', randomBytes(32).toString('base64url')), 'base64url')
}

function s3Of({ s3 }: Config, secrets: Secrets) {
  if (s3 === null) return {}
  const { bucket, region, endpoint } = s3
  const keys = secrets.s3 && { accessKeyId: secrets.s3.accessKeyId.reveal(), secretAccessKey: secrets.s3.secretAccessKey.reveal() }
  return { s3: { bucket, region, ...(endpoint && { endpoint }), ...(keys && { credentials: keys }) } }
}

/** Equal lengths for `timingSafeEqual`. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text.normalize('NFC')).digest()
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}

function addressOf(server: Server, host: string): string {
  const [address] = server.addresses() as AddressInfo[]
  const shown = host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host
  return `http://${shown}:${address?.port ?? 0}`
}
