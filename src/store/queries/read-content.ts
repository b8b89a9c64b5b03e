import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema-types.ts'

/** `length` bytes of a pack from `offset`, or `null` when the pack is gone (its asset has another content by now). */
export async function readPackPart(db: Kysely<Schema>, pack: number, offset: number, length: number): Promise<Uint8Array | null> {
  const row = await db
    .selectFrom('assay.content_pack')
    .where('id', '=', pack)
    .select(sql<Uint8Array>`substring(bytes from ${offset + 1}::integer for ${length}::integer)`.as('bytes'))
    .executeTakeFirst()
  return row?.bytes ?? null
}
