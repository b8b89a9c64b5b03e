import { sql, type Transaction } from 'kysely'
import type { Schema } from '../schema-types.ts'
import { writeEvents } from './write-events.ts'

/** Revokes a token, and records that; a second time changes nothing. `false`: there is none with this id. */
export async function revokeToken(trx: Transaction<Schema>, id: string, actor: string): Promise<boolean> {
  const token = await trx.selectFrom('assay.api_token').where('id', '=', id).select(['name', 'revoked_at']).forUpdate().executeTakeFirst()
  if (!token) return false
  if (token.revoked_at !== null) return true
  await trx.updateTable('assay.api_token').set({ revoked_at: sql`now()` }).where('id', '=', id).execute()
  await writeEvents(trx, [{ type: 'token.revoked', actor, subject: id, detail: { name: token.name } }])
  return true
}
