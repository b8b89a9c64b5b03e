import { randomUUID } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import { assetStatuses } from '../model/asset-status.ts'
import type { EventDetail, EventStatus } from '../model/event.ts'
import { maxToldPaths } from '../model/event-limits.ts'
import { systemActor } from '../model/event-type.ts'
import { statusJobStatuses } from '../model/status-job-status.ts'
import { statusListChunkAssets, statusListChunkStretches, statusListTimeoutMs } from '../model/status-list-limits.ts'
import type { StatusJobOrder, StatusJobStore } from '../processing/status-job-ports.ts'
import { compressPiece } from './compress-piece.ts'
import type { DatabaseConnection } from './database.ts'
import { giveBackMemory } from './give-back-memory.ts'
import type { JobSender } from './job-sender.ts'
import { areRulesApplied } from './queries/are-rules-applied.ts'
import { expireStatusJobs } from './queries/expire-status-jobs.ts'
import { findStuckStatusJobs } from './queries/find-stuck-status-jobs.ts'
import { listStatusChunks, type StatusChunk } from './queries/list-status-chunk.ts'
import { planStatusList } from './queries/plan-status-list.ts'
import { walkInOrder } from './queries/walk-in-order.ts'
import { writeEvents } from './queries/write-events.ts'
import type { Schema } from './schema-types.ts'
import { notifyStatusJob } from './status-job-waiter.ts'

const whileListing = { snapshot: true, forBytes: true, timeoutMs: statusListTimeoutMs }
const chunkLimits = { assets: statusListChunkAssets, stretches: statusListChunkStretches }
/** Jobs taken up again in one sweep; the next one takes the rest. */
const stuckPerSweep = 100
const waiting = statusJobStatuses.indexOf('WAITING')
const processing = statusJobStatuses.indexOf('PROCESSING')
const success = statusJobStatuses.indexOf('SUCCESS')
const failure = statusJobStatuses.indexOf('FAILURE')

/** Status jobs and their lists, in the database: the list is as durable, and as shared by a cluster, as the job that says SUCCESS. */
export function createStatusJobStore(database: DatabaseConnection, jobs: JobSender): StatusJobStore {
  return {
    async create({ id, included, excluded, createdBy }) {
      await database.transaction(async (trx) => {
        const row = { id, included: [...included], excluded: [...excluded], created_by: createdBy }
        await trx.insertInto('assay.status_job').values(row).execute()
        const detail = { paths: included.slice(0, maxToldPaths), count: included.length }
        await writeEvents(trx, [{ type: 'status-job.started', actor: createdBy, subject: id, detail }])
        await jobs.sendStatusJob(trx, id)
      })
    },

    async begin(id) {
      const row = await database.kysely
        .updateTable('assay.status_job')
        .set({ status: processing, started_at: sql`coalesce(started_at, now())` })
        .where('id', '=', id)
        .where('status', 'in', [waiting, processing])
        .returning(['id', 'included', 'excluded', notifyStatusJob(id).as('told')])
        .executeTakeFirst()
      return row ? { id: row.id, included: row.included, excluded: row.excluded } : null
    },

    async collect(job, retentionMs, completes) {
      const list = await database.transaction((trx) => readList(trx, job), whileListing)
      if (list === null) return null
      const chunks = await Promise.all(list.chunks)
      const total = await database.transaction(async (trx) => {
        const written = await writeList(trx, job.id, { chunks, ignored: list.ignored }, retentionMs)
        await jobs.complete(trx, completes)
        return written
      })
      giveBackMemory(chunks.map(({ gzip }) => gzip))
      return total
    },

    async fail(id, reason, retentionMs) {
      await database.transaction(async (trx) => {
        const updated = await trx
          .updateTable('assay.status_job')
          .set({ status: failure, error: reason, ...finishedNow(retentionMs) })
          .where('id', '=', id)
          .where('status', 'in', [waiting, processing])
          .returning(notifyStatusJob(id).as('told'))
          .executeTakeFirst()
        if (updated) await tellFinished(trx, id, 'FAILURE', { reason })
      })
    },

    requeueStuck: (stuckAfterMs) =>
      database.transaction(async (trx) => {
        const stuck = await findStuckStatusJobs(trx, stuckAfterMs, stuckPerSweep)
        // Where the queue has the job still, sending does nothing.
        for (const id of stuck) await jobs.sendStatusJob(trx, id)
        return stuck.length
      }),
    expire: (tombstoneMs) => expireStatusJobs(database.kysely, tombstoneMs),
  }
}

function finishedNow(retentionMs: number) {
  return { finished_at: sql<Date>`now()`, expires_at: sql<Date>`now() + ${retentionMs} * interval '1 millisecond'` }
}

interface CompressedChunk {
  readonly gzip: Uint8Array
  readonly bytes: number
  readonly assets: number
  readonly counts: readonly number[]
}

/** A whole list. */
interface StatusList<Chunk> {
  readonly chunks: readonly Chunk[]
  readonly ignored: number
}

/**
 * All chunks of the list from one snapshot. A chunk is compressed (by the thread pool of Node) while the next is read; the promises are
 * returned unawaited so that the transaction, which on PGlite keeps everybody else waiting, ends with the last read. `null`: path rules were
 * changed, and some of what is in the snapshot is decided by the rules before.
 */
async function readList(trx: Transaction<Schema>, job: StatusJobOrder): Promise<StatusList<Promise<CompressedChunk>> | null> {
  if (!(await areRulesApplied(trx))) return null
  let ignored = 0
  const chunks: Promise<CompressedChunk>[] = []
  await walkInOrder(trx)
  for await (const chunk of listStatusChunks(trx, await planStatusList(trx, job), chunkLimits)) {
    ignored += chunk.ignored
    if (chunk.assets > 0) chunks.push(compressChunk(chunk, chunks.length === 0))
  }
  return { chunks, ignored }
}

async function compressChunk({ json, assets, counts }: StatusChunk, isFirst: boolean): Promise<CompressedChunk> {
  const from = isFirst ? 1 : 0
  const bytes = json.length - from
  return { gzip: await compressPiece(json, from), bytes, assets, counts }
}

/** Writes nothing when the job is finished or gone: another worker may have run it after this one was thought dead. */
async function writeList(
  trx: Transaction<Schema>,
  id: string,
  { chunks, ignored }: StatusList<CompressedChunk>,
  retentionMs: number,
): Promise<number> {
  const total = chunks.reduce((sum, chunk) => sum + chunk.assets, 0)
  const counts = assetStatuses.map((_, status) => chunks.reduce((sum, chunk) => sum + chunk.counts[status]!, 0))
  const updated = await trx
    .updateTable('assay.status_job')
    .set({
      status: success,
      total,
      counts,
      ignored,
      etag: `"${randomUUID()}"`,
      ...finishedNow(retentionMs),
    })
    .where('id', '=', id)
    .where('status', '=', processing)
    .returning(notifyStatusJob(id).as('told'))
    .executeTakeFirst()
  if (!updated) return 0
  for (const [number, chunk] of chunks.entries()) {
    await trx
      .insertInto('assay.status_job_chunk')
      .values({ job_id: id, number, gzip: chunk.gzip, bytes: chunk.bytes, assets: chunk.assets, counts: [...chunk.counts] })
      .execute()
  }
  await tellFinished(trx, id, 'SUCCESS', { count: total })
  return total
}

function tellFinished(trx: Transaction<Schema>, id: string, status: EventStatus, detail: EventDetail): Promise<void> {
  return writeEvents(trx, [{ type: 'status-job.finished', actor: systemActor, subject: id, status, detail }])
}
