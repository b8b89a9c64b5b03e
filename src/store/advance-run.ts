import { type Selectable, sql, type Transaction } from 'kysely'
import { assetTypes } from '../model/asset-type.ts'
import type { PathRange } from '../model/path-ranges.ts'
import type { Problem } from '../model/problem.ts'
import { type RunFilter, runOutcomeLetters, runSelections, systemRunner } from '../model/run.ts'
import { runMarkMs, runPriority } from '../model/run-limits.ts'
import { type RunMark, withMark } from '../model/run-progress.ts'
import { runStatuses } from '../model/run-status.ts'
import type { RunStep, RunTurn } from '../processing/run-ports.ts'
import type { JobSender } from './job-sender.ts'
import { findRunCandidates } from './queries/find-run-candidates.ts'
import { type BatchUpdate, type FollowedBatch, followRun, readFailures, saveOutcomes } from './queries/follow-run.ts'
import { rangesAfter } from './queries/plan-run.ts'
import { ordersOf, reprocessAssets } from './queries/reprocess-assets.ts'
import { tellRun } from './queries/tell-run.ts'
import { type RunLogEntry, writeRunLog } from './queries/write-run-log.ts'
import type { RunTable, Schema } from './schema-types.ts'

/** All but the exclusions, of which there may be a megabyte. */
const columns = [
  'id',
  'path',
  'created_by',
  'types',
  'created_from_ms',
  'created_to_ms',
  'selection',
  'received_before',
  'taken',
  'succeeded',
  'failed',
  'replaced',
  'deleted',
  'all_taken',
  'last_path',
  'batches',
  'first_open_batch',
  'marks',
] as const satisfies readonly (keyof RunTable)[]

type RunRow = Pick<Selectable<RunTable>, (typeof columns)[number]>
/** The row of a run under way, locked; what a step changes is written at its end. */
type OwnRun = RunRow & { readonly now: Date }
type RunCounts = Pick<RunRow, 'succeeded' | 'failed' | 'replaced' | 'deleted'>

const { open, succeeded, failed, replaced, deleted } = runOutcomeLetters
/** How much a run takes up at a time; the numbers of `run-limits.ts`, or smaller ones for tests. */
export interface RunSizes {
  /** Of one batch: a checkpoint. */
  readonly batchAssets: number
  /** That wait or are being processed. */
  readonly windowAssets: number
  /** That are looked at for one batch. */
  readonly scanAssets: number
}

/** The columns in which assets are counted, by the letter of their outcome. */
const countedIn = new Map<string, 'succeeded' | 'failed' | 'replaced' | 'deleted'>([
  [succeeded, 'succeeded'],
  [failed, 'failed'],
  [replaced, 'replaced'],
  [deleted, 'deleted'],
])

/**
 * One step of a run, in the caller's transaction: what came to an end is counted and logged, the next batch is marked and enqueued if there is
 * room, and the run is finished when nothing is left. The run is locked meanwhile, and must still be that worker's.
 */
export async function advanceRun(trx: Transaction<Schema>, jobs: JobSender, sizes: RunSizes, turn: RunTurn): Promise<RunStep> {
  const row = await lockTurn(trx, turn)
  if (!row) return 'lost'
  const run = { ...row }
  const log = await follow(trx, run)
  const room = sizes.windowAssets - (run.taken - doneOf(run))
  const moves = !run.all_taken && room >= sizes.batchAssets
  if (moves) await takeBatch(trx, jobs, run, rangesAfter(turn.ranges, run.last_path), sizes)
  const isFinished = run.all_taken && doneOf(run) === run.taken
  if (isFinished) log.push({ level: 'info', text: `finished: ${sayCounts(run)}` })
  await writeRunLog(trx, run.id, log)
  if (moves || doneOf(run) !== doneOf(row) || isFinished) await saveRun(trx, run, { isFinished, hasProgress: doneOf(run) !== doneOf(row) })
  if (isFinished) await tellRun(trx, run, { type: 'run.finished', by: systemRunner, status: 'SUCCESS', detail: countsOf(run) })
  return isFinished ? 'finished' : moves ? 'moved' : 'waiting'
}

/** Assets of a run that came to an end. */
function doneOf(run: RunCounts): number {
  return run.succeeded + run.failed + run.replaced + run.deleted
}

/** What a run takes, from its row. */
export function filterOf(
  run: Pick<RunRow, 'types' | 'created_from_ms' | 'created_to_ms' | 'selection' | 'received_before'>,
): RunFilter & { readonly receivedBefore: Date } {
  return {
    types: run.types?.map((type) => assetTypes[type]!) ?? null,
    createdFromMs: run.created_from_ms,
    createdToMs: run.created_to_ms,
    selection: runSelections[run.selection]!,
    receivedBefore: run.received_before,
  }
}

/** What of a run is told when it ends. */
export function countsOf({ taken, succeeded, failed, replaced, deleted }: RunCounts & Pick<RunRow, 'taken'>) {
  return { count: taken, succeeded, failed, replaced, deleted }
}

async function lockTurn(trx: Transaction<Schema>, { id, turn }: RunTurn): Promise<OwnRun | null> {
  const row = await trx
    .selectFrom('assay.run')
    .select(columns)
    .select(sql<Date>`clock_timestamp()`.as('now'))
    .where('id', '=', id)
    .where('turn', '=', turn)
    .where('status', '=', runStatuses.indexOf('PROCESSING'))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** Counts what came to an end since the last step. Gives what is to be logged of it. */
async function follow(trx: Transaction<Schema>, run: OwnRun): Promise<RunLogEntry[]> {
  const batches = await followRun(trx, run.id, run.first_open_batch)
  const changed = batches.filter((batch) => batch.outcomes !== batch.before)
  const places = changed.flatMap(placesOfFailures)
  const failures = Map.groupBy(await readFailures(trx, run.id, places), ({ number }) => number)
  const log: RunLogEntry[] = []
  const updates: BatchUpdate[] = []
  for (const batch of changed) {
    const own = (failures.get(batch.number) ?? []).map(({ place, path, problems }) => ({
      place,
      path,
      problems: JSON.parse(problems) as Problem[],
    }))
    for (const { path, problems } of own) log.push({ level: 'error', text: `${path}: ${sayProblem(problems[0])}` })
    updates.push({
      number: batch.number,
      outcomes: batch.outcomes,
      failures: own.map(({ place, problems }) => `${JSON.stringify({ place, problems })}\n`).join(''),
    })
    for (const [index, letter] of [...batch.outcomes].entries()) if (letter !== batch.before[index]) run[countedIn.get(letter)!]++
    if (!batch.outcomes.includes(open)) log.push({ level: 'info', text: sayBatch(batch, run.now) })
  }
  await saveOutcomes(trx, run.id, updates)
  run.first_open_batch = batches.find(({ outcomes }) => outcomes.includes(open))?.number ?? run.batches
  return log
}

function placesOfFailures({ number, before, outcomes }: FollowedBatch): { number: number; place: number }[] {
  return [...outcomes].flatMap((letter, index) => (letter === failed && before[index] !== failed ? [{ number, place: index + 1 }] : []))
}

/** Marks and enqueues the next assets, and moves the checkpoint behind them. */
async function takeBatch(
  trx: Transaction<Schema>,
  jobs: JobSender,
  run: OwnRun,
  ranges: readonly PathRange[],
  { batchAssets, scanAssets }: RunSizes,
): Promise<void> {
  const limits = { assets: batchAssets, looked: scanAssets }
  const { ids, lastPath } = await findRunCandidates(trx, ranges, filterOf(run), limits)
  if (lastPath === null) run.all_taken = true
  else run.last_path = lastPath
  const assets = ids.length === 0 ? [] : await reprocessAssets(trx, ids)
  if (assets.length === 0) return
  await trx
    .insertInto('assay.run_batch')
    .values({
      run_id: run.id,
      number: run.batches++,
      assets: assets.map((asset) => asset.id),
      revisions: assets.map((asset) => asset.revision),
      paths: assets.map((asset) => asset.path),
      former_status: assets.map((asset) => asset.former_status),
      former_settled_at: sql`${assets.map((asset) => asset.former_settled_at?.toISOString() ?? null)}::text[]::timestamptz[]`,
      outcomes: open.repeat(assets.length),
    })
    .execute()
  run.taken += assets.length
  await jobs.sendPostProcess(trx, ordersOf(assets), runPriority)
}

/** The first mark comes with the first result: how long a run takes to get going says nothing about its rate. */
async function saveRun(
  trx: Transaction<Schema>,
  run: OwnRun,
  { isFinished, hasProgress }: { readonly isFinished: boolean; readonly hasProgress: boolean },
): Promise<void> {
  const { taken, succeeded, failed, replaced, deleted, all_taken, last_path, batches, first_open_batch } = run
  const marks: RunMark[] = JSON.parse(run.marks)
  const mark = { atMs: run.now.getTime(), done: doneOf(run) }
  const isDue = marks.length === 0 ? hasProgress : mark.atMs - marks.at(-1)!.atMs >= runMarkMs
  const finish = { status: runStatuses.indexOf('SUCCESS'), finished_at: sql<Date>`clock_timestamp()`, total: taken }
  await trx
    .updateTable('assay.run')
    .set({ taken, succeeded, failed, replaced, deleted, all_taken, last_path, batches, first_open_batch })
    .$if(isDue, (query) => query.set({ marks: JSON.stringify(withMark(marks, mark)) }))
    .$if(isFinished, (query) => query.set(finish))
    .where('id', '=', run.id)
    .execute()
}

function sayProblem(problem: Problem | undefined): string {
  if (!problem) return 'failed'
  const place = problem.line === null ? '' : `${problem.line}:${problem.column ?? 1} `
  return `${place}${problem.code} ${problem.message}`
}

function sayBatch({ number, outcomes, taken_at }: FollowedBatch, now: Date): string {
  const counts = { succeeded: 0, failed: 0, replaced: 0, deleted: 0 }
  for (const letter of outcomes) counts[countedIn.get(letter)!]++
  const seconds = ((now.getTime() - taken_at.getTime()) / 1000).toFixed(1)
  return `batch ${number + 1}: ${outcomes.length} ${outcomes.length === 1 ? 'asset' : 'assets'} in ${seconds} s, ${sayOutcomes(counts)}`
}

/** `1,200 assets: 1,190 succeeded, 10 failed`. */
function sayCounts(run: RunRow): string {
  return `${run.taken} ${run.taken === 1 ? 'asset' : 'assets'}, ${sayOutcomes(run)}`
}

function sayOutcomes(counts: RunCounts): string {
  const parts = [
    `${counts.succeeded} succeeded`,
    `${counts.failed} failed`,
    ...(counts.replaced > 0 ? [`${counts.replaced} replaced meanwhile`] : []),
    ...(counts.deleted > 0 ? [`${counts.deleted} deleted meanwhile`] : []),
  ]
  return parts.join(', ')
}
