import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema-types.ts'

/** What is needed to check a token. `valid`: neither revoked nor expired, by the clock of the database. */
export interface StoredToken {
  readonly secretSha256: Uint8Array
  readonly scopes: readonly string[]
  readonly expiresAt: Date | null
  readonly valid: boolean
}

/** The token with this id, or `null`. */
export async function findToken(db: Kysely<Schema>, id: string): Promise<StoredToken | null> {
  const row = await db
    .selectFrom('assay.api_token')
    .where('id', '=', id)
    .select(['secret_sha256', 'scopes', 'expires_at'])
    .select(sql<boolean>`revoked_at is null and (expires_at is null or expires_at > now())`.as('valid'))
    .executeTakeFirst()
  return row ? { secretSha256: row.secret_sha256, scopes: row.scopes, expiresAt: row.expires_at, valid: row.valid } : null
}
