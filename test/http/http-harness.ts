import { EventEmitter, once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHttpServices } from '../../src/app/create-http-services.ts'
import { openBlobStore } from '../../src/blobs/open-blob-store.ts'
import { Secret } from '../../src/config/secret.ts'
import { buildServer } from '../../src/http/build-server.ts'
import { WebhookMessages } from '../../src/http/present/webhook-message.ts'
import type { Server } from '../../src/http/server.ts'
import type { HttpServices } from '../../src/http/services.ts'
import { createFollowEvents } from '../../src/processing/follow-events.ts'
import { postProcessAssets } from '../../src/processing/post-process-assets.ts'
import { runStatusJob } from '../../src/processing/run-status-job.ts'
import { takeTurns } from '../../src/processing/take-turns.ts'
import type { UploadStore } from '../../src/processing/upload-ports.ts'
import { createAssetStore } from '../../src/store/asset-store.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'
import { openEventLog } from '../../src/store/event-log.ts'
import type { JobSender } from '../../src/store/job-sender.ts'
import { createPacks } from '../../src/store/packs.ts'
import { createPathRuleStore } from '../../src/store/path-rule-store.ts'
import { createRunStore } from '../../src/store/run-store.ts'
import { createStatusJobReader } from '../../src/store/status-job-reader.ts'
import { createStatusJobStore } from '../../src/store/status-job-store.ts'
import { openStatusJobWaiter } from '../../src/store/status-job-waiter.ts'
import { createUploadStore } from '../../src/store/upload-store.ts'
import { WebhookStore } from '../../src/store/webhook-store.ts'
import { openExplainer } from '../../src/threads/open-explainer.ts'
import { openReader } from '../../src/threads/open-reader.ts'
import { createReceiverGuard } from '../../src/webhooks/receiver-guard.ts'
import { type EngineName, openTestDatabase } from '../support/test-database.ts'

export const adminPassword = 'correct horse battery staple'
export const admin = { authorization: `Basic ${Buffer.from(`admin:${adminPassword}`).toString('base64')}` }

/** The address of a reverse proxy that is believed. */
export const trustedProxy = '10.0.0.1'

/** A real server over a real database and blob store; what is queued waits until the test runs it, so that each status can be seen. */
export interface HttpHarness extends AsyncDisposable {
  readonly url: string
  readonly server: Server
  readonly database: DatabaseConnection
  readonly uploads: UploadStore
  readonly blobDirectory: string
  /** Requests with the credential of `admin`. */
  fetch(target: string, init?: RequestInit): Promise<Response>
  put(path: string, content: string | Uint8Array): Promise<Response>
  /** Post-processes what was received. No pass over changed targets ever follows. */
  postProcess(): Promise<void>
  /** Removes events that are older. */
  prune(ageMs: number): Promise<unknown>
  /** Resolves when the next status job is started. */
  statusJobStarted(): Promise<unknown>
  /** Runs the status jobs that were started since the last time. */
  runStatusJobs(): Promise<void>
}

export async function startHttpHarness(overrides: Partial<HttpServices> = {}, engine: EngineName = 'pglite'): Promise<HttpHarness> {
  const stack = new AsyncDisposableStack()
  const database = stack.use(await openTestDatabase(engine))
  const directory = await mkdtemp(join(tmpdir(), 'assay-http-'))
  stack.defer(() => rm(directory, { recursive: true, force: true }))
  const statusJobs = createStatusJobReader(database)
  const waiter = stack.use(await openStatusJobWaiter(database, statusJobs.find))
  const eventLog = stack.use(await openEventLog(database))
  const following = stack.use(createFollowEvents(eventLog))
  const blobs = await openBlobStore({ dataDirectory: directory })
  const packs = createPacks(database, blobs)
  const explainer = stack.use(openExplainer({ onOutput: () => {} }))
  const queued: string[] = []
  const starts = new EventEmitter()
  const sender = queueTo(queued, starts)
  const store = createAssetStore(database, sender, { packs })
  const jobs = createStatusJobStore(database, sender)
  const rules = createPathRuleStore(database, sender)
  const uploads = createUploadStore(database, packs)
  const stores = { packs, store, jobs, rules, uploads, runs: createRunStore(database, sender) }
  const webhooks = {
    store: new WebhookStore(database),
    messages: new WebhookMessages('urn:test'),
    refusalOf: createReceiverGuard(['127.0.0.1']).refusalOf,
  }
  const services = await createHttpServices({
    ...stores,
    config: { publicUrl: null },
    secrets: { adminPassword: new Secret(adminPassword) },
    database,
    queue: sender,
    blobs,
    explainer,
    eventLog,
    webhooks,
    followEvents: following.follow,
    statusJobs,
    wait: waiter.wait,
    isReady: () => true,
  })
  const server = buildServer({ ...services, ...overrides }, { trustedProxies: [trustedProxy] })
  await server.listen({ host: '127.0.0.1', port: 0 })
  stack.defer(() => server.close())
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  const fetchAs = (target: string, init: RequestInit = {}) => fetch(url + target, { ...init, headers: { ...admin, ...init.headers } })
  return {
    url,
    server,
    database,
    uploads,
    blobDirectory: directory,
    fetch: fetchAs,
    put: (path, content) => fetchAs(path, { method: 'PUT', body: content as string }),
    async postProcess() {
      await using reader = await openReader({ threads: 1, onThreadEnded: () => {} })
      const orders = await database.kysely.selectFrom('assay.asset').where('status', '<', 2).select(['id', 'revision']).execute()
      const ports = { store, blobs, reader, largeInTurn: takeTurns(1), onSettled: () => {} }
      await postProcessAssets(ports, orders, { queue: '', jobs: [] }, new AbortController().signal)
    },
    prune: (ageMs) => eventLog.prune(ageMs, 10_000),
    statusJobStarted: () => once(starts, 'started'),
    async runStatusJobs() {
      for (const id of queued.splice(0)) {
        const ports = { jobs, rules, retentionMs: 60_000, onFinished: () => {} }
        await runStatusJob(ports, id, { queue: '', jobs: [] }, new AbortController().signal)
      }
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** A queue within the test: keeps the status jobs, and has nobody who would process assets. */
function queueTo(queued: string[], starts: EventEmitter): JobSender {
  return {
    sendPostProcess: async () => {},
    oldestPostProcess: async () => null,
    sendRun: async () => {},
    sendResolve: async () => {},
    sendApplyRules: async () => {},
    complete: async () => {},
    sendStatusJob: async (_trx, id) => {
      queued.push(id)
      starts.emit('started')
    },
  }
}
