import type { Kysely } from 'kysely'
import type { Schema } from '../schema-types.ts'
import type { TokenRow } from './create-token.ts'

/** All tokens, newest first, revoked and expired ones included. */
export function listTokens(db: Kysely<Schema>): Promise<TokenRow[]> {
  return db
    .selectFrom('assay.api_token')
    .select(['id', 'name', 'scopes', 'created_by', 'created_at', 'expires_at', 'revoked_at'])
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute()
}
