import {
  directUploadGraceMs,
  directUploadMs,
  orphanGraceMs,
  statusJobStuckAfterMs,
  statusJobTombstoneMs,
  sweepStuckAfterMs,
} from '../model/limits.ts'
import type { AssetStore, BlobStore, ContentSweep, StatusJobStore, UploadStore } from './ports.ts'

export interface SweepPorts {
  readonly store: Pick<AssetStore, 'requeueStuck'>
  readonly jobs: Pick<StatusJobStore, 'requeueStuck' | 'expire'>
  readonly uploads: Pick<UploadStore, 'expireUploads'>
  readonly contents: ContentSweep
  readonly blobs: Pick<BlobStore, 'listOlderThan' | 'remove'>
}

/** What a sweep did. */
export interface SweepReport {
  readonly requeued: number
  readonly expiredJobs: number
  readonly packs: number
  readonly blobs: number
}

/** Takes up what was left behind: assets and status jobs without a job of the queue, lists and uploads whose time is over, contents that nothing refers to. */
export async function sweep({ store, jobs, uploads, contents, blobs }: SweepPorts): Promise<SweepReport> {
  const requeued = await store.requeueStuck(sweepStuckAfterMs)
  await jobs.requeueStuck(statusJobStuckAfterMs)
  const expiredJobs = await jobs.expire(statusJobTombstoneMs)
  await uploads.expireUploads(directUploadMs + directUploadGraceMs)
  const packs = await contents.sweepPacks(orphanGraceMs)
  let removed = 0
  for await (const keys of blobs.listOlderThan(orphanGraceMs, await contents.nextBlobSlice())) {
    removed += await contents.removeUnreferredBlobs(keys, (orphans) => blobs.remove(orphans, orphanGraceMs))
  }
  return { requeued, expiredJobs, packs, blobs: removed }
}
