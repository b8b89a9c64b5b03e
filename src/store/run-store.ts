import { randomUUID } from 'node:crypto'
import { type Selectable, sql, type Transaction } from 'kysely'
import { repositoryRoot } from '../model/asset-path.ts'
import { type AssetType, assetTypes } from '../model/asset-type.ts'
import { sweepStuckAfterMs } from '../model/limits.ts'
import { runSelections, systemRunner } from '../model/run.ts'
import { runBatchAssets, runPriority, runScanAssets, runWindowAssets } from '../model/run-limits.ts'
import { accepts, runStatuses, runStatusesAccepting } from '../model/run-status.ts'
import type { JobClaim } from '../processing/ports.ts'
import type { RunChange, RunOrder, RunPreview, RunStart, RunStore, RunTurn } from '../processing/run-ports.ts'
import { advanceRun, countsOf, filterOf, type RunSizes } from './advance-run.ts'
import { countByRule } from './count-by-rule.ts'
import type { DatabaseConnection } from './database.ts'
import type { JobSender } from './job-sender.ts'
import { countExcluded } from './queries/count-excluded.ts'
import { countRun } from './queries/count-run.ts'
import { findOverlap } from './queries/find-overlap.ts'
import { hasUnprocessed } from './queries/has-unprocessed.ts'
import { planRun } from './queries/plan-run.ts'
import { retakeAssets } from './queries/retake-run.ts'
import { tellRun } from './queries/tell-run.ts'
import { withdrawAssets } from './queries/withdraw-run.ts'
import { writeRunLog } from './queries/write-run-log.ts'
import type { RunTable, Schema } from './schema-types.ts'

type RunRow = Selectable<RunTable>
const usualSizes: RunSizes = { batchAssets: runBatchAssets, windowAssets: runWindowAssets, scanAssets: runScanAssets }
const finishedNow = { finished_at: sql<Date>`clock_timestamp()` }

/** Processing runs in the database. Everything about a run stands there after each step, so any worker can go on with it. */
export function createRunStore(database: DatabaseConnection, jobs: JobSender, sizes: RunSizes = usualSizes): RunStore {
  const start = (order: RunOrder) => database.transaction((trx) => startRun(trx, jobs, order))
  return {
    start,
    preview: (order) => previewRun(database, order),
    cancel: (id, by) => database.transaction((trx) => cancelRun(trx, id, by)),
    resume: (id, by) => database.transaction((trx) => resumeRun(trx, jobs, id, by)),
    async readOrder(id) {
      const run = await database.kysely.selectFrom('assay.run').selectAll().where('id', '=', id).executeTakeFirst()
      if (!run) return null
      const { receivedBefore: _then, ...filter } = filterOf(run)
      return { path: run.path, excluded: run.excluded, ...filter }
    },
    begin: (id) => database.transaction((trx) => beginRun(trx, id)),
    count: (turn, signal) => countTotal(database, turn, signal),
    advance: (turn) => database.transaction((trx) => advanceRun(trx, jobs, sizes, turn)),
    handOver: (id, completes) => database.transaction((trx) => handOver(trx, jobs, id, completes)),
    fail: (id, reason) => database.transaction((trx) => failRun(trx, id, reason)),
    async requeueStuck() {
      const active = await database.kysely
        .selectFrom('assay.run')
        .where('status', 'in', runStatusesAccepting('begun'))
        .select('id')
        .execute()
      // Where the queue has the job still, sending does nothing.
      for (const { id } of active) await database.transaction((trx) => jobs.sendRun(trx, id))
    },
    async expire(ageMs) {
      const { numDeletedRows } = await database.kysely
        .deleteFrom('assay.run')
        .where('finished_at', '<', sql<Date>`now() - ${ageMs} * interval '1 millisecond'`)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
    async takeUpUnprocessed(intervalMs) {
      if (!(await database.transaction((trx) => isDue(trx, intervalMs)))) return null
      const receivedBefore = await findAbandonedBefore(database, jobs)
      if (!(await hasUnprocessed(database.kysely, receivedBefore))) return null
      const filter = { types: null, createdFromMs: null, createdToMs: null, selection: 'unprocessed' } as const
      const started = await start({ path: repositoryRoot, excluded: [], ...filter, createdBy: systemRunner, receivedBefore })
      return started.outcome === 'started' ? started.id : null
    },
  }
}

async function startRun(trx: Transaction<Schema>, jobs: JobSender, order: RunOrder): Promise<RunStart> {
  const { path, excluded, types, createdFromMs, createdToMs, selection, createdBy, receivedBefore } = order
  const overlapping = await findOverlap(trx, order)
  const known = await findByKey(trx, order)
  if (known) return isSameOrder(known, order) ? { outcome: 'known', id: known.id } : { outcome: 'key-reused' }
  if (overlapping !== null) return { outcome: 'overlaps', id: overlapping }
  if ((await planRun(trx, order)) === null) return { outcome: 'nothing-there' }
  const id = randomUUID()
  await trx
    .insertInto('assay.run')
    .values({
      id,
      path,
      excluded: [...excluded],
      types: types === null ? null : types.map((type) => assetTypes.indexOf(type)),
      created_from_ms: createdFromMs,
      created_to_ms: createdToMs,
      selection: runSelections.indexOf(selection),
      received_before: receivedBefore ?? sql<Date>`clock_timestamp()`,
      created_by: createdBy,
      idempotency_key: order.idempotencyKey ?? null,
    })
    .execute()
  await tellRun(trx, { id, path }, { type: 'run.started', by: createdBy })
  await writeRunLog(trx, id, [{ level: 'info', text: `ordered by ${createdBy}: ${sayOrder(order)}` }])
  await jobs.sendRun(trx, id)
  return { outcome: 'started', id }
}

async function findByKey(trx: Transaction<Schema>, { createdBy, idempotencyKey }: RunOrder): Promise<RunRow | undefined> {
  if (idempotencyKey === undefined) return undefined
  return trx
    .selectFrom('assay.run')
    .selectAll()
    .where('created_by', '=', createdBy)
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirst()
}

function isSameOrder(run: RunRow, order: RunOrder): boolean {
  const essence = ({ path, excluded, types, createdFromMs, createdToMs, selection }: Omit<RunOrder, 'createdBy'>) =>
    JSON.stringify([path, excluded, types, createdFromMs, createdToMs, selection])
  return essence({ path: run.path, excluded: run.excluded, ...filterOf(run) }) === essence(order)
}

async function previewRun(database: DatabaseConnection, order: RunOrder): Promise<RunPreview | null> {
  const plan = await planRun(database.kysely, order)
  if (!plan) return null
  const overlaps = await database.transaction((trx) => findOverlap(trx, order))
  const filter = { ...order, receivedBefore: null }
  const { passing, ignored, type, created, selection } = await countRun(database, plan.ranges, filter)
  const byExclusion = await countExcluded(database, plan.stored)
  const byType = Object.fromEntries(assetTypes.map((name, index) => [name, passing[index]!])) as Record<AssetType, number>
  const ignoredByRule = await countByRule(database, plan.ranges, ignored)
  return { total: sum(passing), byType, byExclusion, ignored, ignoredByRule, byFilter: { type, created, selection }, overlaps }
}

async function cancelRun(trx: Transaction<Schema>, id: string, by: string): Promise<RunChange> {
  const run = await lockRun(trx, id)
  if (!run) return { outcome: 'not-found' }
  const status = runStatuses[run.status]!
  if (!accepts(status, 'cancelled')) return { outcome: 'refused', status }
  const withdrawn = await withdrawAssets(trx, id, run.first_open_batch)
  await trx
    .updateTable('assay.run')
    .set({ status: runStatuses.indexOf('CANCELLED'), ...finishedNow })
    .where('id', '=', id)
    .execute()
  await writeRunLog(trx, id, [{ level: 'info', text: `cancelled by ${by}; withdrawn before they were read: ${withdrawn}` }])
  await tellRun(trx, run, { type: 'run.cancelled', by, detail: countsOf(run) })
  return { outcome: 'done' }
}

async function resumeRun(trx: Transaction<Schema>, jobs: JobSender, id: string, by: string): Promise<RunChange> {
  const run = await lockRun(trx, id)
  if (!run) return { outcome: 'not-found' }
  const status = runStatuses[run.status]!
  if (!accepts(status, 'resumed')) return { outcome: 'refused', status }
  const overlapping = await findOverlap(trx, run)
  if (overlapping !== null) return { outcome: 'overlaps', id: overlapping }
  const orders = await retakeAssets(trx, id, run.first_open_batch)
  // The rate is measured anew: the time in between says nothing.
  const again = { status: runStatuses.indexOf('WAITING'), finished_at: null, error: null, marks: '[]' }
  await trx.updateTable('assay.run').set(again).where('id', '=', id).execute()
  await writeRunLog(trx, id, [{ level: 'info', text: `resumed by ${by}` }])
  await tellRun(trx, run, { type: 'run.resumed', by })
  await jobs.sendPostProcess(trx, orders, runPriority)
  await jobs.sendRun(trx, id)
  return { outcome: 'done' }
}

async function countTotal(database: DatabaseConnection, { id, turn, ranges }: RunTurn, signal: AbortSignal): Promise<void> {
  const run = await database.kysely
    .selectFrom('assay.run')
    .selectAll()
    .where('id', '=', id)
    .where('turn', '=', turn)
    .where('total', 'is', null)
    .executeTakeFirst()
  if (!run) return
  const total = sum((await countRun(database, ranges, filterOf(run), signal)).passing)
  await database.transaction(async (trx) => {
    const update = trx.updateTable('assay.run').set({ total }).where('id', '=', id).where('turn', '=', turn)
    const { numUpdatedRows } = await update.executeTakeFirst()
    if (numUpdatedRows > 0n) await writeRunLog(trx, id, [{ level: 'info', text: `counted: ${total} to process` }])
  })
}

async function beginRun(trx: Transaction<Schema>, id: string) {
  const run = await lockRun(trx, id)
  if (!run || !accepts(runStatuses[run.status]!, 'begun')) return null
  const plan = await planRun(trx, run)
  const begun = { status: runStatuses.indexOf('PROCESSING'), started_at: sql<Date>`coalesce(started_at, clock_timestamp())` }
  await trx
    .updateTable('assay.run')
    .set({ ...begun, turn: run.turn + 1 })
    .where('id', '=', id)
    .execute()
  if (run.started_at === null) {
    await writeRunLog(trx, id, [{ level: 'info', text: 'started' }])
  }
  return { id, turn: run.turn + 1, ranges: plan?.ranges ?? [] }
}

/** Whoever resumes the run locks it as well: it finds this job, which then is not done yet, or sends one. */
async function handOver(trx: Transaction<Schema>, jobs: JobSender, id: string, completes: JobClaim): Promise<void> {
  const run = await lockRun(trx, id)
  await jobs.complete(trx, completes)
  if (run && accepts(runStatuses[run.status]!, 'begun')) await jobs.sendRun(trx, id)
}

async function failRun(trx: Transaction<Schema>, id: string, reason: string): Promise<void> {
  const run = await lockRun(trx, id)
  if (!run || !accepts(runStatuses[run.status]!, 'failed')) return
  const failed = { status: runStatuses.indexOf('FAILURE'), error: reason, ...finishedNow }
  await trx.updateTable('assay.run').set(failed).where('id', '=', id).execute()
  await writeRunLog(trx, id, [{ level: 'error', text: `the run could not go on: ${reason}` }])
  await tellRun(trx, run, { type: 'run.finished', by: systemRunner, status: 'FAILURE', detail: { ...countsOf(run), reason } })
}

function lockRun(trx: Transaction<Schema>, id: string): Promise<RunRow | undefined> {
  return trx.selectFrom('assay.run').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Whether the last look was long enough ago, or the clock was set back since; then this is the one that looks. */
async function isDue(trx: Transaction<Schema>, intervalMs: number): Promise<boolean> {
  const { rows } = await sql`
    insert into assay.setting (key, value) values ('sweep.unprocessed-at', (extract(epoch from now()) * 1000)::bigint::text)
    on conflict (key) do update set value = excluded.value
      where setting.value::bigint not between excluded.value::bigint - ${intervalMs} + 1 and excluded.value::bigint
    returning key`.execute(trx)
  return rows.length > 0
}

/**
 * What waits longer than the oldest job of the queue, and long enough, is no job's any more. Of what was moved or is processed again the job is
 * younger than the content: it is perhaps taken up without need, which costs a look at its references.
 */
function findAbandonedBefore(database: DatabaseConnection, jobs: JobSender): Promise<Date> {
  return database.transaction(async (trx) => {
    const oldest = await jobs.oldestPostProcess(trx)
    // The clock by which assets are received and jobs are sent.
    const { rows } = await sql<{ at: Date }>`select now() - ${sweepStuckAfterMs} * interval '1 millisecond' as at`.execute(trx)
    const longAgo = rows[0]!.at
    return oldest !== null && oldest < longAgo ? oldest : longAgo
  })
}

function sayOrder({ path, excluded, types, selection }: RunOrder): string {
  const parts = [
    path,
    ...(excluded.length > 0
      ? [`without ${excluded.slice(0, 3).join(', ')}${excluded.length > 3 ? ` and ${excluded.length - 3} more` : ''}`]
      : []),
    ...(types === null ? [] : [`only of type ${types.join(', ')}`]),
    ...(selection === 'all' ? [] : [`only ${selection}`]),
  ]
  return parts.join('; ')
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
