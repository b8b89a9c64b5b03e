import type { Kysely } from 'kysely'
import type { Schema } from '../schema-types.ts'

/** The value of a setting that is kept with the data, or `null`. */
export async function readSetting(db: Kysely<Schema>, key: string): Promise<string | null> {
  const row = await db.selectFrom('assay.setting').where('key', '=', key).select('value').executeTakeFirst()
  return row?.value ?? null
}

/** Sets a setting. */
export async function writeSetting(db: Kysely<Schema>, key: string, value: string): Promise<void> {
  await db
    .insertInto('assay.setting')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
}
