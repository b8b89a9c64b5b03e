import type { Selectable, Transaction } from 'kysely'
import type { ApiTokenTable, Schema } from '../schema-types.ts'
import { writeEvents } from './write-events.ts'

/** A token to be stored: its secret only as a digest. */
export type NewToken = Pick<ApiTokenTable, 'id' | 'name' | 'secret_sha256' | 'scopes' | 'created_by' | 'expires_at'>

/** A token as lists show it. */
export type TokenRow = Omit<Selectable<ApiTokenTable>, 'secret_sha256'>

/** Stores a token, and records that. */
export async function createToken(trx: Transaction<Schema>, token: NewToken): Promise<TokenRow> {
  const { id, name, scopes, created_by: actor } = token
  await writeEvents(trx, [{ type: 'token.created', actor, subject: id, detail: { name, scopes } }])
  return trx
    .insertInto('assay.api_token')
    .values({ ...token, revoked_at: null })
    .returning(['id', 'name', 'scopes', 'created_by', 'created_at', 'expires_at', 'revoked_at'])
    .executeTakeFirstOrThrow()
}
