import { eventHoldWarningMs, eventPruneTimeMs, prunedEventsAtOnce } from '../model/event-limits.ts'
import { directUploadGraceMs, directUploadMs, orphanGraceMs, statusJobStuckAfterMs, statusJobTombstoneMs } from '../model/limits.ts'
import { applyPathRules } from './apply-path-rules.ts'
import type { BlobStore } from './content-ports.ts'
import type { ContentSweep } from './content-sweep-ports.ts'
import type { EventHolder, EventLog } from './event-log.ts'
import type { PathRuleStore } from './path-rule-ports.ts'
import type { AssetStore } from './ports.ts'
import type { RunStore } from './run-ports.ts'
import type { StatusJobStore } from './status-job-ports.ts'
import type { UploadStore } from './upload-ports.ts'

/** What a sweep needs. */
export interface SweepPorts {
  readonly store: Pick<AssetStore, 'wakeResolving'>
  readonly jobs: Pick<StatusJobStore, 'requeueStuck' | 'expire'>
  readonly runs: Pick<RunStore, 'requeueStuck' | 'expire' | 'takeUpUnprocessed'>
  readonly uploads: Pick<UploadStore, 'expireUploads'>
  readonly contents: ContentSweep
  readonly rules: Pick<PathRuleStore, 'applyNext'>
  readonly blobs: Pick<BlobStore, 'listOlderThan' | 'remove'>
  readonly runRetentionMs: number
  readonly unprocessedSweepMs: number
  /** The log of deliveries. */
  readonly webhooks: { forget(): Promise<number> }
  readonly eventLog: Pick<EventLog, 'prune' | 'pruneChanges' | 'holder'>
  readonly eventRetentionMs: number
  readonly auditRetentionMs: number
}

/** What a sweep did. */
export interface SweepReport {
  /** The run that takes up what was never processed, if one had to be started. */
  readonly run: string | null
  /** Who holds up the readers of events. */
  readonly eventHolder: EventHolder | null
  readonly expiredJobs: number
  readonly prunedEvents: number
  readonly packs: number
  readonly blobs: number
}

/** Takes up what was left behind: path rules that are not applied; assets, status jobs and runs without a job of the queue; lists, runs and uploads whose time is over; old events, and who holds up the new ones; contents that nothing refers to. */
export async function sweep(ports: SweepPorts, signal: AbortSignal): Promise<SweepReport> {
  const { store, jobs, runs, uploads, contents, rules, blobs, webhooks } = ports
  await applyPathRules(rules, signal)
  await store.wakeResolving()
  await runs.requeueStuck()
  const run = await runs.takeUpUnprocessed(ports.unprocessedSweepMs)
  await runs.expire(ports.runRetentionMs)
  await jobs.requeueStuck(statusJobStuckAfterMs)
  const expiredJobs = await jobs.expire(statusJobTombstoneMs)
  await uploads.expireUploads(directUploadMs + directUploadGraceMs)
  await webhooks.forget()
  const { eventLog } = ports
  const prunedEvents = await inPortions((limit) => eventLog.prune(ports.eventRetentionMs, limit))
  const eventHolder = await eventLog.holder(eventHoldWarningMs)
  await inPortions((limit) => eventLog.pruneChanges(ports.auditRetentionMs, limit))
  const packs = await contents.sweepPacks(orphanGraceMs)
  let removed = 0
  for await (const keys of blobs.listOlderThan(orphanGraceMs, await contents.nextBlobSlice())) {
    removed += await contents.removeUnreferredBlobs(keys, (orphans) => blobs.remove(orphans, orphanGraceMs))
  }
  return { run, eventHolder, expiredJobs, prunedEvents, packs, blobs: removed }
}

/** In portions, so that others get their turns; what is left when the time is over is the next sweep's. */
async function inPortions(prune: (limit: number) => Promise<number>): Promise<number> {
  const until = performance.now() + eventPruneTimeMs
  let pruned = 0
  for (;;) {
    const removed = await prune(prunedEventsAtOnce)
    pruned += removed
    if (removed < prunedEventsAtOnce || performance.now() > until) return pruned
  }
}
