import { sql, type Transaction } from 'kysely'
import type { Schema } from '../schema-types.ts'

/**
 * Lets the statements of this transaction read ranges in the order of their index and stop at their limit. Of bounds that come as parameters
 * PostgreSQL guesses that they hold one asset in two hundred, so it reads and sorts all that is left of a tree for each piece of it: 33 ms for
 * each 500 of 100,000, and ten times that for a million.
 */
export async function walkInOrder(trx: Transaction<Schema>): Promise<void> {
  await sql`
    select set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('enable_seqscan', 'off', true)`.execute(
    trx,
  )
}
