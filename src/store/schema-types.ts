/**
 * The tables as Kysely sees them: one interface per table, named as the table. The SQL of record is `schema.sql`, generated from the
 * migrations. All tables live in the schema `assay`; pg-boss keeps its own in `pgboss`.
 */
import type { Generated } from 'kysely'
import type { DeliveryTry } from '../model/webhook.ts'

/** The tables, as Kysely knows them; `schema.sql` has their constraints. */
export interface Schema {
  'assay.folder': FolderTable
  'assay.asset': AssetTable
  'assay.asset_result': AssetResultTable
  'assay.content_pack': ContentPackTable
  'assay.reference_edge': ReferenceEdgeTable
  'assay.target_change': TargetChangeTable
  'assay.event': EventTable
  'assay.status_job': StatusJobTable
  'assay.status_job_chunk': StatusJobChunkTable
  'assay.api_token': ApiTokenTable
  'assay.setting': SettingTable
  'assay.upload_part': UploadPartTable
  'assay.completed_upload': CompletedUploadTable
  'assay.run': RunTable
  'assay.run_batch': RunBatchTable
  'assay.run_log': RunLogTable
  'assay.webhook': WebhookTable
  'assay.webhook_worker': WebhookWorkerTable
  'assay.webhook_delivery': WebhookDeliveryTable
  'assay.path_rules': PathRulesTable
  'assay.waiting_order': WaitingOrderTable
}

/** A folder exists by itself (it may be empty); every ancestor of an asset has a row. Its `path` is the one stored spelling. */
export interface FolderTable {
  path: string
  fold_hash: number
  created_at: Generated<Date>
  /** What callers said about it, such as its title: a JSON object of texts, numbers, truth values and lists of them. */
  properties: string | null
}

/** An asset, with the counts of its last result. */
export interface AssetTable {
  id: Generated<number>
  uuid: string
  /** The one stored spelling; found by `fold_hash` in any Unicode form. */
  path: string
  /** Hash of the case-folded NFC path (`model/fold-hash.ts`): finds an asset by any spelling, and near misses of references. */
  fold_hash: number
  revision: number
  /** Index into `assetStatuses`. */
  status: number
  /** Index into `assetTypes`. */
  type: number
  /** Claims of this revision so far: the fence of its claim, and the ledger that finds what kills its process. */
  attempts: Generated<number>
  size: number
  sha256: Uint8Array
  /** Where the content is: a piece of a pack, or a blob by key. Exactly one of them. */
  pack_id: number | null
  pack_offset: number | null
  blob_key: string | null
  media_type: string
  title: string | null
  error_count: Generated<number>
  warning_count: Generated<number>
  info_count: Generated<number>
  created_at: Generated<Date>
  received_at: Generated<Date>
  settled_at: Date | null
  /** As those of a folder. They outlive the revisions. */
  properties: string | null
  /** What the path rules say of `path`: it is not post-processed, and no status list shows it. */
  is_ignored: Generated<boolean>
}

/** What processing found in the asset's `revision`. Texts are JSON, written and read by `dita/` and the presenters as they are. */
export interface AssetResultTable {
  asset_id: number
  revision: number
  facts: string
  problems: string
  reference_problems: string
  reference_values: string
  reference_states: string
  targets: string
  targets_digest: string
  /** Problems of the asset by itself; references add to them, and change when their targets do. */
  own_warnings: number
  own_infos: number
  /** Fold hashes of the local targets, as in `reference_edge`: what to delete when the references change. */
  edges: number[]
  /** A digit for each edge: the `kind` of `reference_edge`. */
  edge_kinds: string
}

/** Many small contents in one value, so that one fsync makes a whole group durable. */
export interface ContentPackTable {
  id: Generated<number>
  /** Or in the blob store: one of the two. */
  bytes: Uint8Array | null
  blob_key: string | null
  blob_size: number | null
  created_at: Generated<Date>
}

/** Who refers to what: `target` is a fold hash (the target need not exist), `kind` 0 link, 1 link with fragment, 2 content or map inclusion. */
export interface ReferenceEdgeTable {
  target: number
  source: number
  kind: number
}

/** Targets that came, went or changed type (`existence`), or changed what others can address in them; taken up by the resolving pass. */
export interface TargetChangeTable {
  id: Generated<number>
  target: number
  existence: boolean
  at: Generated<Date>
}

/** Append only; readers go by `seq` (`queries/read-events.ts`). */
export interface EventTable {
  seq: Generated<number>
  at: Generated<Date>
  /** Number of the type in `eventTypes`. */
  type: number
  /** Index into `eventStatuses`. */
  status: number | null
  revision: number | null
  /** `null`: the product itself. */
  actor: string | null
  /** UUID of the asset, or id of what else it is about. */
  subject: string | null
  path: string | null
  /** Where it was before, or what it was copied from. */
  source: string | null
  /** JSON of an `EventDetail`. */
  detail: string | null
}

/** A status job. Its list is in {@link StatusJobChunkTable}. */
export interface StatusJobTable {
  id: string
  /** Index into `statusJobStatuses`. */
  status: Generated<number>
  included: string[]
  excluded: string[]
  created_by: string
  created_at: Generated<Date>
  started_at: Date | null
  finished_at: Date | null
  expires_at: Date | null
  /** Assets in the list, and how many of each asset status (in the order of `assetStatuses`). */
  total: number | null
  counts: number[] | null
  etag: string | null
  error: string | null
  /** Assets in its paths that are not in the list, because path rules ignore them. */
  ignored: number | null
}

/** A piece of a finished list: a gzip member holding JSON objects separated (and, but for the first chunk, preceded) by commas. */
export interface StatusJobChunkTable {
  job_id: string
  number: number
  gzip: Uint8Array
  bytes: number
  assets: number
  counts: number[]
}

/** A token; of its secret only a digest. */
export interface ApiTokenTable {
  id: string
  name: string
  secret_sha256: Uint8Array
  scopes: string[]
  created_by: string
  created_at: Generated<Date>
  expires_at: Date | null
  revoked_at: Date | null
}

/** Values that all processes on the database share. */
export interface SettingTable {
  key: string
  value: string
}

/** A part of a direct upload that is not completed yet. Its content is durable, and becomes the asset's without being copied. */
export interface UploadPartTable {
  upload: string
  number: number
  size: number
  sha256: Uint8Array
  pack_id: number | null
  pack_offset: number | null
  blob_key: string | null
  created_at: Generated<Date>
}

/** Direct uploads that were received: to complete one again changes nothing. */
export interface CompletedUploadTable {
  upload: string
  completed_at: Generated<Date>
}

/** A processing run: what was ordered, and how far it is. */
export interface RunTable {
  id: string
  /** The order in which runs were started. */
  seq: Generated<number>
  /** Index into `runStatuses`. */
  status: Generated<number>
  path: string
  excluded: string[]
  /** Indices into `assetTypes`. */
  types: number[] | null
  created_from_ms: number | null
  created_to_ms: number | null
  /** Index into `runSelections`. */
  selection: number
  received_before: Date
  created_by: string
  idempotency_key: string | null
  created_at: Generated<Date>
  started_at: Date | null
  finished_at: Date | null
  /** Grows each time a worker begins the run: whoever began it before has lost it. */
  turn: Generated<number>
  /** Assets to process; `null` until they are counted. */
  total: number | null
  /** Assets in the batches so far, and what became of those that are done. */
  taken: Generated<number>
  succeeded: Generated<number>
  failed: Generated<number>
  replaced: Generated<number>
  deleted: Generated<number>
  /** The checkpoint: everything up to that path has been taken. */
  all_taken: Generated<boolean>
  last_path: Generated<string>
  batches: Generated<number>
  /** No batch before it is open. */
  first_open_batch: Generated<number>
  log_lines: Generated<number>
  /** JSON array of `RunMark`. */
  marks: Generated<string>
  error: string | null
}

/** Assets that were taken in one transaction. The arrays and the letters of `outcomes` (`runOutcomeLetters`) are parallel. */
export interface RunBatchTable {
  run_id: string
  number: number
  assets: number[]
  revisions: number[]
  paths: string[]
  /** How an asset stood before: so it stands again when the run is cancelled before anybody has begun to read it. */
  former_status: number[]
  former_settled_at: (Date | null)[]
  outcomes: string
  /** NDJSON: the place in the arrays and the problems of each that failed. */
  failures: Generated<string>
  taken_at: Generated<Date>
  closed_at: Date | null
}

/** A line of the log of a run. */
export interface RunLogTable {
  run_id: string
  number: number
  line: string
}

/** A receiver of events. */
export interface WebhookTable {
  id: string
  url: string
  description: string
  /** One of `webhookFormats`. */
  format: string
  /** Names of `eventTypes`; `null`: all. */
  types: string[] | null
  /** Folders and assets; `null`: all. */
  paths: string[] | null
  /** In the clear: each message is signed with it. */
  secret: string
  /** Secrets before it, the last one to end first, and until when each signs too. */
  previous_secrets: Generated<string[]>
  previous_secrets_until: Generated<Date[]>
  enabled: boolean
  disabled_reason: string | null
  /** All events up to here were tried, or are none of its business. */
  position: number
  /** Up to here finished deliveries were removed from the log: nobody knows any more what was never tried. */
  forgotten_position: Generated<number>
  /** Since when nothing was delivered, although it was tried. */
  failing_since: Date | null
  worker: string | null
  created_by: string
  created_at: Generated<Date>
  changed_at: Generated<Date>
}

/** A process that delivers webhooks, and until when others believe that it lives. */
export interface WebhookWorkerTable {
  id: string
  until: Date
}

/** A message that was tried, is to be tried again, or was asked for. */
export interface WebhookDeliveryTable {
  id: Generated<number>
  webhook: string
  /** Of its event; `null`: a test. */
  position: number | null
  /** `webhook-id`. */
  message: string
  type: string
  path: string | null
  lane: string | null
  /** Kept until it is delivered; of a test for good. */
  body: string | null
  /** Index into `deliveryStatuses`. */
  status: number
  /** Tries that failed since it was asked for, or asked for again. */
  failures: Generated<number>
  /** JSON: the last `DeliveryTry`s. */
  tries: Generated<DeliveryTry[]>
  next_try_at: Date | null
  created_at: Generated<Date>
  finished_at: Date | null
}

/** One row: the path rules in force. */
export interface PathRulesTable {
  version: Generated<number>
  ignored: string[]
  enabled: string[]
  changed_at: Date | null
  changed_by: string | null
  /** Paths at and below which assets are still to be decided by these rules, those after `recheck_after`; `null` once all are. */
  recheck: string[] | null
  recheck_after: Generated<string>
  /** What that has found so far. */
  newly_ignored: Generated<number>
  newly_enabled: Generated<number>
}

/** Orders of received revisions for which there is no job of the queue yet. */
export interface WaitingOrderTable {
  asset_id: number
  revision: number
}
