import { sql, type Transaction } from 'kysely'
import { overlap, type RunScope } from '../../model/run.ts'
import { runStatusesAccepting } from '../../model/run-status.ts'
import type { Schema } from '../schema-types.ts'

/** Any number: the class of this advisory lock. */
const lockClass = 407_205

/** The active run, if there is one, that could take an asset of this scope. Until the end of the transaction no other run becomes active. */
export async function findOverlap(trx: Transaction<Schema>, scope: RunScope): Promise<string | null> {
  await sql`select pg_advisory_xact_lock(${lockClass}::integer, 0)`.execute(trx)
  const active = await trx.selectFrom('assay.run').where('status', 'in', runStatusesAccepting('cancelled')).select(['id', 'path']).execute()
  const all = { ...scope, excluded: [] }
  // The exclusions of a run may be a megabyte: they are read where they decide.
  for (const { id, path } of active.filter((run) => overlap({ path: run.path, excluded: [] }, all))) {
    const { excluded } = await trx.selectFrom('assay.run').where('id', '=', id).select('excluded').executeTakeFirstOrThrow()
    if (overlap({ path, excluded }, scope)) return id
  }
  return null
}
