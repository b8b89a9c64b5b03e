/** What status jobs need from outside: see `ports.ts`. */
import type { JobClaim } from './ports.ts'

/** A status job to run. */
export interface StatusJobOrder {
  readonly id: string
  readonly included: readonly string[]
  readonly excluded: readonly string[]
}

/** Status jobs and their lists. */
export interface StatusJobStore {
  /** Stores the job as WAITING and enqueues it, in one transaction. */
  create(job: StatusJobOrder & { readonly createdBy: string }): Promise<void>
  /** Marks the job PROCESSING; `null` when it is finished or gone. */
  begin(id: string): Promise<StatusJobOrder | null>
  /**
   * Lists the assets in the job's paths from one snapshot; then writes the list, marks the job SUCCESS and completes the queue job, in
   * one transaction: either all of the list is there or none. Returns the number of assets listed; `null`, and nothing is written, while path
   * rules that were changed are not applied to all assets.
   */
  collect(job: StatusJobOrder, retentionMs: number, completes: JobClaim): Promise<number | null>
  /** Marks the job FAILURE with a reason, unless it is finished. */
  fail(id: string, reason: string, retentionMs: number): Promise<void>
  /** Enqueues unfinished jobs older than that once more, where the queue has lost them. Returns how many it looked at. */
  requeueStuck(stuckAfterMs: number): Promise<number>
  /** Removes lists whose time is over; keeps the job's row as a tombstone for `tombstoneMs`. */
  expire(tombstoneMs: number): Promise<number>
}
