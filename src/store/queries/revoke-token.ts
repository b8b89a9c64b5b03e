import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema-types.ts'

/** Revokes a token; a second time keeps the first instant. `false`: there is none with this id. */
export async function revokeToken(db: Kysely<Schema>, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('assay.api_token')
    .set({ revoked_at: sql`coalesce(revoked_at, now())` })
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
