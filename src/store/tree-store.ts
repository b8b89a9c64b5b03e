import type { Transaction } from 'kysely'
import { subtreeTimeoutMs } from '../model/limits.ts'
import type { PostProcessOrder, TransferOrder, TransferOutcome, TreeStore } from '../processing/ports.ts'
import type { DatabaseConnection } from './database.ts'
import type { JobSender } from './job-sender.ts'
import { changeProperties } from './queries/change-properties.ts'
import { copySubtree } from './queries/copy-subtree.ts'
import { moveSubtree } from './queries/move-subtree.ts'
import { prepareTransfer, type Transfer } from './queries/prepare-transfer.ts'
import type { Schema } from './schema-types.ts'

/** Changes of whole subtrees in the database, each one transaction: all of it is at its new place, or none. */
export function createTreeStore(database: DatabaseConnection, jobs: JobSender): TreeStore {
  async function transfer(
    order: TransferOrder,
    carryOut: (trx: Transaction<Schema>, transfer: Transfer) => Promise<PostProcessOrder[]>,
  ): Promise<TransferOutcome> {
    return database.transaction(
      async (trx) => {
        const prepared = await prepareTransfer(trx, order)
        if (typeof prepared === 'string') return prepared
        const orders = await carryOut(trx, prepared)
        if (orders.length > 0) await jobs.sendPostProcess(trx, orders)
        await jobs.sendResolve(trx)
        return prepared.replaces ? 'replaced' : 'created'
      },
      { timeoutMs: subtreeTimeoutMs },
    )
  }
  return {
    move: (order) => transfer(order, (trx, { source, destination }) => moveSubtree(trx, source, destination)),
    copy: (order, shallow) => transfer(order, (trx, { source, destination }) => copySubtree(trx, source, destination, shallow)),
    changeProperties: (path, changes) => database.transaction((trx) => changeProperties(trx, path, changes)),
  }
}
