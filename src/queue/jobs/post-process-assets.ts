import { setTimeout } from 'node:timers/promises'
import { postProcessBatchAssets } from '../../model/limits.ts'
import {
  queueConcurrentBatches,
  queueDeadRetryLimit,
  queueMergeAssets,
  queueRetryLimit,
  smallBatchAssets,
  smallBatchRestFactor,
  smallBatchRestMaxMs,
} from '../../model/queue-limits.ts'
import type { PostProcessOrder } from '../../processing/ports.ts'
import type { JobKind, ReadJob } from '../job-kind.ts'
import { sayTries } from '../say-tries.ts'

/** Ids and revisions in turn: 250 assets take less than 5 kB, and a dead job's payload is copied. */
export interface PostProcessPayload {
  readonly assets: readonly number[]
}

/** Payloads of at most `postProcessBatchAssets` assets each, in the order given. */
export function postProcessPayloads(orders: readonly PostProcessOrder[]): PostProcessPayload[] {
  const payloads: PostProcessPayload[] = []
  for (let at = 0; at < orders.length; at += postProcessBatchAssets) {
    payloads.push({ assets: orders.slice(at, at + postProcessBatchAssets).flatMap(({ id, revision }) => [id, revision]) })
  }
  return payloads
}

/** Post-processes assets; several small jobs together. */
export const postProcessAssets: JobKind<readonly PostProcessOrder[]> = {
  name: 'post-process-assets',
  retryLimit: queueRetryLimit,
  deadLetter: 'post-process-assets.dead',
  concurrentBatches: queueConcurrentBatches,
  read: readOrders,
  group: groupBySize,
  async run(jobs, claim, signal, useCases) {
    const startedAt = performance.now()
    const orders = mergeOrders(jobs)
    await useCases.postProcess(orders, claim, signal)
    if (orders.length < smallBatchAssets) await rest(performance.now() - startedAt, signal)
  },
}

/** Whatever made the jobs fail, their assets end here. */
export const giveUpAssets: JobKind<readonly PostProcessOrder[]> = {
  name: 'post-process-assets.dead',
  retryLimit: queueDeadRetryLimit,
  concurrentBatches: 1,
  read: readOrders,
  async run(jobs, _claim, _signal, useCases) {
    for (const { payload, tries } of jobs) await useCases.giveUp(payload, sayTries(tries))
  },
}

/**
 * After a small batch: what trickles in meanwhile is taken together. A client that sends one file at a time had each processed by itself,
 * which took the embedded database more time than receiving them.
 */
async function rest(tookMs: number, signal: AbortSignal): Promise<void> {
  await setTimeout(Math.min(tookMs * smallBatchRestFactor, smallBatchRestMaxMs), undefined, { signal }).catch(Boolean)
}

function readOrders(data: unknown): PostProcessOrder[] {
  const numbers = typeof data === 'object' && data !== null && 'assets' in data ? data.assets : null
  if (!Array.isArray(numbers) || numbers.length % 2 !== 0 || !numbers.every(Number.isSafeInteger)) {
    throw new TypeError('The payload of a post-processing job must be {"assets": [id, revision, …]}.')
  }
  return Array.from({ length: numbers.length / 2 }, (_, index) => ({ id: numbers[2 * index], revision: numbers[2 * index + 1] }))
}

/** Merges small jobs up to `queueMergeAssets`. A job that failed before is on its own, so that it cannot fail others with it. */
function groupBySize(jobs: readonly ReadJob<readonly PostProcessOrder[]>[]): ReadJob<readonly PostProcessOrder[]>[][] {
  const groups = jobs.filter((job) => job.tries > 0).map((job) => [job])
  let open: (typeof groups)[number] = []
  let assets = 0
  for (const job of jobs.filter((job) => job.tries === 0)) {
    if (open.length === 0 || assets + job.payload.length > queueMergeAssets) {
      groups.push((open = []))
      assets = 0
    }
    open.push(job)
    assets += job.payload.length
  }
  return groups
}

/** Of an asset that was received twice meanwhile only the later revision counts. */
function mergeOrders(jobs: readonly ReadJob<readonly PostProcessOrder[]>[]): PostProcessOrder[] {
  const revisions = new Map<number, number>()
  for (const { payload } of jobs) {
    for (const { id, revision } of payload) revisions.set(id, Math.max(revision, revisions.get(id) ?? 0))
  }
  return Array.from(revisions, ([id, revision]) => ({ id, revision }))
}
