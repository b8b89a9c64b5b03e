import type { Scope } from '../../contract/native/scope.ts'
import type { ApiToken } from '../../contract/native/token.ts'
import type { TokenRow } from '../../store/queries/create-token.ts'

/** A token as answers show it: never its secret. */
export function presentToken(row: TokenRow): ApiToken {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes as Scope[],
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  }
}
