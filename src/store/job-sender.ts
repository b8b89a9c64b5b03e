import type { Transaction } from 'kysely'
import type { JobClaim, PostProcessOrder } from '../processing/ports.ts'
import type { Schema } from './schema-types.ts'

/** What the store needs of the queue: work is enqueued, and completed, in the transaction that it belongs to. */
export interface JobSender {
  sendPostProcess(trx: Transaction<Schema>, orders: readonly PostProcessOrder[]): Promise<void>
  sendStatusJob(trx: Transaction<Schema>, id: string): Promise<void>
  /** Asks for a resolving pass. At most one waits besides the one that runs. */
  sendResolve(trx: Transaction<Schema>): Promise<void>
  /** Throws when the claim is no longer held, so that the transaction rolls back. */
  complete(trx: Transaction<Schema>, claim: JobClaim): Promise<void>
}
