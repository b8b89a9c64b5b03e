import { Type } from 'typebox'
import { ApiToken } from '../../../contract/native/token.ts'
import { listTokens } from '../../../store/queries/list-tokens.ts'
import { presentToken } from '../../present/token.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'

/** `GET /api/v1/tokens`: all tokens without their secrets, newest first. */
export function listTokensRoute(server: Server, services: HttpServices): void {
  const Answer = Type.Object({ items: Type.Array(ApiToken), nextCursor: Type.Null() })
  server.get(
    '/api/v1/tokens',
    { config: { scope: 'admin' }, schema: { tags: ['native'], summary: 'List tokens', response: { 200: Answer } } },
    async () => ({ items: (await listTokens(services.database.kysely)).map(presentToken), nextCursor: null }),
  )
}
