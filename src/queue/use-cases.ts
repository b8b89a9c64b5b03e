import type { Transaction } from 'kysely'
import type { JobClaim, PostProcessOrder } from '../processing/ports.ts'
import type { Schema } from '../store/schema-types.ts'

/**
 * What the queue's jobs call. A use case that ends its job within its own last transaction passes the claim to `complete`; a job whose use
 * case returns without having done so is completed afterwards, and one whose use case throws is tried again. Once `signal` is aborted
 * the process is stopping or the job belongs to another worker: the use case gives back what it has claimed and throws.
 */
export interface UseCases {
  /** Orders of one or several jobs, an asset at most once. */
  postProcess(orders: readonly PostProcessOrder[], claim: JobClaim, signal: AbortSignal): Promise<void>
  /** The orders' job failed for the last time: assets that still wait for it become a FAILURE. `reason` is a part of a sentence. */
  giveUp(orders: readonly PostProcessOrder[], reason: string): Promise<void>
  /** The orders' worker died: those that it had claimed are due again, in this transaction. */
  takeBack(trx: Transaction<Schema>, orders: readonly PostProcessOrder[]): Promise<void>
  runStatusJob(id: string, claim: JobClaim, signal: AbortSignal): Promise<void>
  giveUpStatusJob(id: string, reason: string): Promise<void>
  /** Carries a processing run on for a while. */
  takeRunTurn(id: string, claim: JobClaim, signal: AbortSignal): Promise<void>
  giveUpRun(id: string, reason: string): Promise<void>
  /** One pass over the targets that have changed. At most one runs at a time, in all processes together. */
  resolveReferences(claim: JobClaim, signal: AbortSignal): Promise<void>
  /** Decides all assets by the path rules in force. */
  applyPathRules(signal: AbortSignal): Promise<void>
  /** Takes up what was left behind and removes what is no longer needed. */
  sweep(signal: AbortSignal): Promise<void>
}
