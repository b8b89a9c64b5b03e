import type { Kysely, Selectable } from 'kysely'
import type { ApiTokenTable, Schema } from '../schema-types.ts'

/** A token to be stored: its secret only as a digest. */
export type NewToken = Pick<ApiTokenTable, 'id' | 'name' | 'secret_sha256' | 'scopes' | 'created_by' | 'expires_at'>

/** A token as lists show it. */
export type TokenRow = Omit<Selectable<ApiTokenTable>, 'secret_sha256'>

/** Stores a token. */
export function createToken(db: Kysely<Schema>, token: NewToken): Promise<TokenRow> {
  return db
    .insertInto('assay.api_token')
    .values({ ...token, revoked_at: null })
    .returning(['id', 'name', 'scopes', 'created_by', 'created_at', 'expires_at', 'revoked_at'])
    .executeTakeFirstOrThrow()
}
