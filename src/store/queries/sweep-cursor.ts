import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema-types.ts'

/** Where the sweeps of all processes together have come to with something; 0 at first. */
export async function readCursor(db: Kysely<Schema>, name: string): Promise<number> {
  const row = await db.selectFrom('assay.setting').where('key', '=', `sweep.${name}`).select('value').executeTakeFirst()
  return Number(row?.value ?? 0)
}

/** Remembers it for the next one. */
export async function writeCursor(db: Kysely<Schema>, name: string, position: number): Promise<void> {
  await sql`
    insert into assay.setting (key, value) values (${`sweep.${name}`}, ${String(position)})
    on conflict (key) do update set value = excluded.value`.execute(db)
}
