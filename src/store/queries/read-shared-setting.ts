import type { Kysely } from 'kysely'
import type { Schema } from '../schema-types.ts'

/**
 * The value of a setting that every process on this database shares. The first one to ask stores `fresh`; all get what is stored.
 */
export async function readSharedSetting(db: Kysely<Schema>, key: string, fresh: string): Promise<string> {
  await db
    .insertInto('assay.setting')
    .values({ key, value: fresh })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
  return (await db.selectFrom('assay.setting').where('key', '=', key).select('value').executeTakeFirstOrThrow()).value
}
