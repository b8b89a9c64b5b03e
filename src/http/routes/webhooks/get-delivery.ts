import { Type } from 'typebox'
import { DeliveryDetail } from '../../../contract/native/webhook.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { presentDelivery } from '../../present/webhook.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { bodyOf } from './body-of.ts'
import { requireDelivery, requireWebhook } from './require-webhook.ts'

/** `GET /api/v1/webhooks/{id}/deliveries/{delivery}`: one delivery with what is posted. */
export function getDeliveryRoute(server: Server, services: HttpServices): void {
  server.get(
    '/api/v1/webhooks/:id/deliveries/:delivery',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['native'],
        summary: 'Show a delivery',
        params: Type.Object({ id: Type.String(), delivery: Type.String() }),
        response: { 200: DeliveryDetail, 404: ProblemDetails },
      },
    },
    async (request) => {
      const webhook = await requireWebhook(services, request.params.id)
      const delivery = await requireDelivery(services, webhook.id, request.params.delivery)
      return { ...presentDelivery(delivery), body: await bodyOf(services, webhook, delivery) }
    },
  )
}
