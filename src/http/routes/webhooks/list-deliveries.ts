import { Type } from 'typebox'
import { pageParameters } from '../../../contract/native/page.ts'
import { DeliveryPage } from '../../../contract/native/webhook.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { defaultPageItems } from '../../../model/http-limits.ts'
import { deliveryStatuses } from '../../../model/webhook.ts'
import { listDeliveries } from '../../../store/queries/find-deliveries.ts'
import { createCursor, parseNumberKey, readCursorAs } from '../../cursor.ts'
import { presentDelivery } from '../../present/webhook.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { requireWebhook } from './require-webhook.ts'

const Query = Type.Object({ status: Type.Optional(Type.Enum([...deliveryStatuses])), ...pageParameters }, { additionalProperties: false })

/** `GET /api/v1/webhooks/{id}/deliveries`: the log of what was sent and what came of it, newest first. */
export function listDeliveriesRoute(server: Server, services: HttpServices): void {
  server.get(
    '/api/v1/webhooks/:id/deliveries',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['native'],
        summary: 'List the deliveries of a webhook',
        params: Type.Object({ id: Type.String() }),
        querystring: Query,
        response: { 200: DeliveryPage, 400: ProblemDetails, 404: ProblemDetails },
      },
    },
    async (request) => {
      const { status, limit = defaultPageItems, cursor } = request.query
      const webhook = await requireWebhook(services, request.params.id)
      const wanted = { status, before: readCursorAs(cursor, parseNumberKey), limit: limit + 1 }
      const rows = await listDeliveries(services.database.kysely, webhook.id, wanted)
      const items = rows.slice(0, limit).map(presentDelivery)
      return { items, nextCursor: rows.length > limit ? createCursor(String(items.at(-1)!.id)) : null }
    },
  )
}
