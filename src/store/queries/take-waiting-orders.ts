import { sql, type Transaction } from 'kysely'
import type { PostProcessOrder } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'

/** Takes all orders that wait to be sent: they are gone if and only if the transaction is committed. In the order of their assets. */
export async function takeWaitingOrders(trx: Transaction<Schema>): Promise<PostProcessOrder[]> {
  const { rows } = await sql<PostProcessOrder>`
    with taken as (delete from assay.waiting_order returning asset_id, revision)
    select asset_id as id, revision from taken order by asset_id`.execute(trx)
  return rows
}
