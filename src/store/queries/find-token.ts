import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema-types.ts'

/** What is needed to check a token, all of it by the clock of the database. `valid`: neither revoked nor expired. */
export interface StoredToken {
  readonly secretSha256: Uint8Array
  readonly scopes: readonly string[]
  readonly valid: boolean
  /** Until it expires; `null`: it does not. */
  readonly validForMs: number | null
}

/** The token with this id, or `null`. */
export async function findToken(db: Kysely<Schema>, id: string): Promise<StoredToken | null> {
  const row = await db
    .selectFrom('assay.api_token')
    .where('id', '=', id)
    .select(['secret_sha256', 'scopes'])
    .select(sql<boolean>`revoked_at is null and (expires_at is null or expires_at > now())`.as('valid'))
    .select(sql<number | null>`extract(epoch from expires_at - now())::float8 * 1000`.as('validForMs'))
    .executeTakeFirst()
  return row ? { secretSha256: row.secret_sha256, scopes: row.scopes, valid: row.valid, validForMs: row.validForMs } : null
}
