import type { StatusJobStatus } from '../model/status-job-status.ts'
import type { ReceiveChunk } from '../processing/chunked-uploads.ts'
import type { BlobStore } from '../processing/content-ports.ts'
import type { DirectUploads } from '../processing/direct-uploads.ts'
import type { EventLog } from '../processing/event-log.ts'
import type { FollowEvents } from '../processing/follow-events.ts'
import type { PathRuleStore } from '../processing/path-rule-ports.ts'
import type { AssetStore } from '../processing/ports.ts'
import type { ReadExcerpts } from '../processing/read-excerpts.ts'
import type { ReceiveRevision } from '../processing/receive-revision.ts'
import type { ResolveNow } from '../processing/resolve-now.ts'
import type { RunStore } from '../processing/run-ports.ts'
import type { StatusJobOrder } from '../processing/status-job-ports.ts'
import type { IncomingBody, TakenContent } from '../processing/take-in-content.ts'
import type { TreeStore } from '../processing/tree-ports.ts'
import type { DatabaseConnection } from '../store/database.ts'
import type { Packs } from '../store/packs.ts'
import type { FoundStatusJob } from '../store/queries/find-status-jobs.ts'
import type { StatusJobReader } from '../store/status-job-reader.ts'
import type { WebhookStore } from '../store/webhook-store.ts'
import type { WebhookMessages } from './present/webhook-message.ts'

/** What the routes need: use cases for what changes something, the database for what only reads. */
export interface HttpServices {
  readonly receive: ReceiveRevision
  /** Takes a body in before it is known whose content it becomes. */
  takeIn(incoming: IncomingBody): Promise<TakenContent>
  readonly receiveChunk: ReceiveChunk
  readonly uploads: DirectUploads
  /** Signs what direct uploads carry; the same in every process on the database. */
  readonly uploadKey: Buffer
  /** See `Config`. */
  readonly publicUrl: string | null
  readonly remove: AssetStore['remove']
  readonly tree: TreeStore
  readonly pathRules: PathRuleStore
  readonly createFolder: AssetStore['createFolder']
  /** Stores and enqueues a status job; gives its id. */
  startStatusJob(order: Omit<StatusJobOrder, 'id'> & { readonly createdBy: string }): Promise<string>
  /**
   * Gives the job (`null`: it is gone) when its status is no longer `known`, when `waitMs` have passed, or when `signal` fires. Never
   * rejects for those.
   */
  waitForStatusJob(id: string, known: StatusJobStatus, waitMs: number, signal: AbortSignal): Promise<FoundStatusJob | null>
  readonly statusJobs: StatusJobReader
  readonly runs: Pick<RunStore, 'start' | 'preview' | 'cancel' | 'resume' | 'readOrder'>
  readonly eventLog: EventLog
  readonly webhooks: WebhookServices
  readonly followEvents: FollowEvents
  readonly database: DatabaseConnection
  readonly blobs: Pick<BlobStore, 'read' | 'sizeOf'>
  readonly packs: Pick<Packs, 'readPart'>
  readonly readExcerpts: ReadExcerpts
  readonly resolveNow: ResolveNow
  /** Whether this is the password of `admin`, compared in constant time. */
  verifyAdminPassword(password: string): Promise<boolean>
  /** Whether everything is started (migrations done, queue running). `false` answers 503 to `/readyz`. */
  isReady(): boolean
}

/** What the routes of webhooks work with. */
export interface WebhookServices {
  readonly store: WebhookStore
  readonly messages: WebhookMessages
  /** Why webhooks may not be sent to this URL, so that it reads on after "The URL"; `null`: they may. */
  refusalOf(url: string): Promise<string | null>
}
