import { orphanGraceMs, statusJobStuckAfterMs, statusJobTombstoneMs, sweepStuckAfterMs } from '../model/limits.ts'
import type { AssetStore, BlobStore, StatusJobStore } from './ports.ts'

export interface SweepPorts {
  readonly store: AssetStore
  readonly jobs: StatusJobStore
  readonly blobs: BlobStore
}

/** What a sweep did. */
export interface SweepReport {
  readonly requeued: number
  readonly expiredJobs: number
  readonly packs: number
  readonly blobs: number
}

/** Takes up what was left behind: assets and status jobs without a job of the queue, lists whose time is over, contents that nothing refers to. */
export async function sweep({ store, jobs, blobs }: SweepPorts): Promise<SweepReport> {
  const requeued = await store.requeueStuck(sweepStuckAfterMs)
  await jobs.requeueStuck(statusJobStuckAfterMs)
  const expiredJobs = await jobs.expire(statusJobTombstoneMs)
  const packs = await store.removeOrphanPacks(orphanGraceMs)
  let removed = 0
  for await (const keys of blobs.listOlderThan(orphanGraceMs)) {
    const referred = await store.findReferredBlobs(keys)
    const orphans = keys.filter((key) => !referred.has(key))
    await blobs.remove(orphans, orphanGraceMs)
    removed += orphans.length
  }
  return { requeued, expiredJobs, packs, blobs: removed }
}
