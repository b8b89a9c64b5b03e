import { sql, type Transaction } from 'kysely'
import { overlap, type RunScope } from '../../model/run.ts'
import { runStatusesAccepting } from '../../model/run-status.ts'
import type { Schema } from '../schema-types.ts'

/** Any number: the class of this advisory lock. */
const lockClass = 407_205

/** The active run, if there is one, that could take an asset of this scope. Until the end of the transaction no other run becomes active. */
export async function findOverlap(trx: Transaction<Schema>, scope: RunScope): Promise<string | null> {
  await sql`select pg_advisory_xact_lock(${lockClass}::integer, 0)`.execute(trx)
  const active = await trx
    .selectFrom('assay.run')
    .where('status', 'in', runStatusesAccepting('cancelled'))
    .select(['id', 'path', 'excluded'])
    .execute()
  return active.find((run) => overlap(run, scope))?.id ?? null
}
