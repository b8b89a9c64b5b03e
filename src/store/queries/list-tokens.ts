import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema-types.ts'
import type { TokenRow } from './create-token.ts'

/** The next `limit` tokens after the one with the id `after` (`''` from the start), newest first, revoked and expired ones included. */
export async function listTokens(db: Kysely<Schema>, after: string, limit: number): Promise<TokenRow[]> {
  const { rows } = await sql<TokenRow>`
    select id, name, scopes, created_by, created_at, expires_at, revoked_at from assay.api_token
    where ${after} = '' or (created_at, id) < (select created_at, id from assay.api_token where id = ${after})
    order by created_at desc, id desc limit ${limit}`.execute(db)
  return rows
}
