import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Config } from '../config/config.ts'
import type { Secrets } from '../config/secrets.ts'
import type { HttpServices, WebhookServices } from '../http/services.ts'
import { createChunkedUploads } from '../processing/chunked-uploads.ts'
import type { BlobStore } from '../processing/content-ports.ts'
import { createDirectUploads } from '../processing/direct-uploads.ts'
import type { EventLog } from '../processing/event-log.ts'
import type { FollowEvents } from '../processing/follow-events.ts'
import type { Explainer } from '../processing/ports.ts'
import { createReadExcerpts } from '../processing/read-excerpts.ts'
import { createReceiveRevision } from '../processing/receive-revision.ts'
import { createResolveNow } from '../processing/resolve-now.ts'
import { takeInContent } from '../processing/take-in-content.ts'
import type { DatabaseConnection } from '../store/database.ts'
import type { JobSender } from '../store/job-sender.ts'
import { readSharedSetting } from '../store/queries/read-shared-setting.ts'
import { createTreeStore } from '../store/tree-store.ts'
import type { Stores } from './open-stores.ts'

interface HttpParts extends Pick<Stores, 'packs' | 'store' | 'jobs' | 'runs' | 'rules' | 'uploads'> {
  readonly config: Pick<Config, 'publicUrl'>
  readonly database: DatabaseConnection
  readonly queue: JobSender
  readonly blobs: BlobStore
  readonly secrets: Pick<Secrets, 'adminPassword'>
  readonly explainer: Explainer
  readonly eventLog: EventLog
  readonly webhooks: WebhookServices
  readonly followEvents: FollowEvents
  readonly statusJobs: HttpServices['statusJobs']
  readonly wait: HttpServices['waitForStatusJob']
  isReady(): boolean
}

/** What the routes work with. */
export async function createHttpServices(parts: HttpParts): Promise<HttpServices> {
  const { config, database, queue, blobs, packs, store, uploads, jobs, rules, secrets, explainer } = parts
  const { runs, statusJobs, wait, isReady, eventLog, followEvents, webhooks } = parts
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
    statusJobs,
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

/** Equal lengths for `timingSafeEqual`. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text.normalize('NFC')).digest()
}
