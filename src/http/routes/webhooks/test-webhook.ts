import { Type } from 'typebox'
import { Delivery } from '../../../contract/native/webhook.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import type { WebhookFormat } from '../../../model/webhook.ts'
import { presentDelivery } from '../../present/webhook.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { requireEnabledWebhook } from './require-webhook.ts'

/** `POST /api/v1/webhooks/{id}/test`: has a message sent that tells of nothing, once. What came of it is in the delivery that is answered. */
export function testWebhookRoute(server: Server, services: HttpServices): void {
  server.post(
    '/api/v1/webhooks/:id/test',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['native'],
        summary: 'Send a test message',
        params: Type.Object({ id: Type.String() }),
        response: { 202: Delivery, 404: ProblemDetails, 409: ProblemDetails },
      },
    },
    async (request, reply) => {
      const { store, messages } = services.webhooks
      const { id, format } = await requireEnabledWebhook(services, request.params.id)
      const delivery = await store.test(id, messages.test(id, format as WebhookFormat))
      reply.code(202).header('location', `/api/v1/webhooks/${id}/deliveries/${delivery.id}`)
      return presentDelivery(delivery)
    },
  )
}
