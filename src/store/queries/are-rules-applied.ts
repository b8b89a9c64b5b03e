import type { Kysely } from 'kysely'
import type { Schema } from '../schema-types.ts'

/** Whether all assets are decided by the path rules in force. */
export async function areRulesApplied(db: Kysely<Schema>): Promise<boolean> {
  const query = db.selectFrom('assay.path_rules').select((builder) => builder('recheck', 'is', null).as('applied'))
  return Boolean((await query.executeTakeFirstOrThrow()).applied)
}
