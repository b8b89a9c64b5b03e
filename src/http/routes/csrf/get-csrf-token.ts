import { randomBytes } from 'node:crypto'
import { Type } from 'typebox'
import type { Server } from '../../server.ts'

/**
 * `GET /libs/granite/csrf/token.json`: clients in browsers ask for it and send it along, and fail without it. Nothing depends on it here:
 * what another site makes a browser send is refused by the headers that browsers set themselves (`plugins/cross-site.ts`).
 */
export function getCsrfToken(server: Server): void {
  const response = { 200: Type.Object({ token: Type.String() }) }
  server.get(
    '/libs/granite/csrf/token.json',
    { config: { scope: 'read' }, schema: { tags: ['dam'], summary: 'Get a token for clients that insist on one', response } },
    async () => ({ token: randomBytes(24).toString('base64url') }),
  )
}
