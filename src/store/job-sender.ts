import type { Kysely, Transaction } from 'kysely'
import type { JobClaim, PostProcessOrder } from '../processing/ports.ts'
import type { Schema } from './schema-types.ts'

/** What the store needs of the queue: work is enqueued, and completed, in the transaction that it belongs to. */
export interface JobSender {
  /** Those of a lower `priority` than 0 come after all others. */
  sendPostProcess(trx: Transaction<Schema>, orders: readonly PostProcessOrder[], priority?: number): Promise<void>
  /** When the oldest job of this kind was sent that is not done; `null` when there is none. */
  oldestPostProcess(trx: Transaction<Schema>): Promise<Date | null>
  /** Does nothing where the status job was sent before. */
  sendStatusJob(trx: Transaction<Schema>, id: string): Promise<void>
  /** Does nothing where the run has a job that waits or is being worked on. */
  sendRun(trx: Transaction<Schema>, id: string): Promise<void>
  /**
   * Asks for a resolving pass. At most one waits besides the one that runs. The waiting one is locked until the transaction ends, so send it last:
   * transactions that do so wait for each other.
   */
  sendResolve(trx: Transaction<Schema>): Promise<void>
  /** Asks for the application of changed path rules, likewise. */
  sendApplyRules(trx: Transaction<Schema>): Promise<void>
  /**
   * One statement. Throws unless every job of the claim is still held: let it out, so that a transaction rolls back. Outside of one the
   * jobs that are held are completed all the same.
   */
  complete(db: Kysely<Schema>, claim: JobClaim): Promise<void>
}
