import { Type } from 'typebox'
import { PageOf, pageParameters } from '../../../contract/native/page.ts'
import { ApiToken } from '../../../contract/native/token.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { defaultPageItems } from '../../../model/http-limits.ts'
import { listTokens } from '../../../store/queries/list-tokens.ts'
import { createCursor, readCursor } from '../../cursor.ts'
import { presentToken } from '../../present/token.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'

const Query = Type.Object(pageParameters, { additionalProperties: false })

/** `GET /api/v1/tokens`: a page of tokens without their secrets, newest first. */
export function listTokensRoute(server: Server, services: HttpServices): void {
  server.get(
    '/api/v1/tokens',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['native'],
        summary: 'List tokens',
        querystring: Query,
        response: { 200: PageOf(ApiToken), 400: ProblemDetails },
      },
    },
    async ({ query }) => {
      const limit = query.limit ?? defaultPageItems
      const rows = await listTokens(services.database.kysely, readCursor(query.cursor), limit + 1)
      const items = rows.slice(0, limit).map(presentToken)
      return { items, nextCursor: rows.length > limit ? createCursor(items.at(-1)!.id) : null }
    },
  )
}
