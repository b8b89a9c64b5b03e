import type { Transaction } from 'kysely'
import { subtreeTimeoutMs } from '../model/limits.ts'
import type { PostProcessOrder } from '../processing/ports.ts'
import type { TransferOrder, TransferOutcome, TreeStore } from '../processing/tree-ports.ts'
import type { DatabaseConnection } from './database.ts'
import type { JobSender } from './job-sender.ts'
import { PathRuleBook, type RulesInForce } from './path-rule-book.ts'
import { changeProperties } from './queries/change-properties.ts'
import { copySubtree } from './queries/copy-subtree.ts'
import { moveSubtree } from './queries/move-subtree.ts'
import { prepareTransfer, type Transfer } from './queries/prepare-transfer.ts'
import type { Schema } from './schema-types.ts'

/** Changes of whole subtrees in the database, each one transaction: all of it is at its new place, or none. */
export function createTreeStore(database: DatabaseConnection, jobs: JobSender): TreeStore {
  const rulesBook = new PathRuleBook(database)
  async function transfer(
    order: TransferOrder,
    carryOut: (trx: Transaction<Schema>, transfer: Transfer, rules: RulesInForce) => Promise<PostProcessOrder[]>,
  ): Promise<TransferOutcome> {
    return rulesBook.use((rules) =>
      database.transaction(
        async (trx) => {
          const prepared = await prepareTransfer(trx, order)
          if (typeof prepared === 'string') return prepared
          const orders = await carryOut(trx, prepared, rules)
          if (orders.length > 0) await jobs.sendPostProcess(trx, orders)
          await jobs.sendResolve(trx)
          return prepared.replaces ? 'replaced' : 'created'
        },
        { timeoutMs: subtreeTimeoutMs },
      ),
    )
  }
  return {
    move: (order) => transfer(order, (trx, place, rules) => moveSubtree(trx, { ...place, actor: order.actor }, rules)),
    copy: (order, shallow) => transfer(order, (trx, place, rules) => copySubtree(trx, { ...place, actor: order.actor, shallow }, rules)),
    changeProperties: (path, changes, actor) => database.transaction((trx) => changeProperties(trx, path, changes, actor)),
  }
}
