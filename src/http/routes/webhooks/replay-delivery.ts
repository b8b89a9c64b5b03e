import { Type } from 'typebox'
import { ApiError } from '../../../contract/errors.ts'
import { Delivery } from '../../../contract/native/webhook.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { presentDelivery } from '../../present/webhook.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { bodyOf } from './body-of.ts'
import { noSuchDelivery, requireDelivery, requireEnabledWebhook } from './require-webhook.ts'

/** `POST /api/v1/webhooks/{id}/deliveries/{delivery}/replay`: has it sent again now, with the same id, whatever came of it before. */
export function replayDeliveryRoute(server: Server, services: HttpServices): void {
  server.post(
    '/api/v1/webhooks/:id/deliveries/:delivery/replay',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['native'],
        summary: 'Send a delivery again',
        params: Type.Object({ id: Type.String(), delivery: Type.String() }),
        response: { 202: Delivery, 404: ProblemDetails, 409: ProblemDetails, 410: ProblemDetails },
      },
    },
    async (request, reply) => {
      const webhook = await requireEnabledWebhook(services, request.params.id)
      const delivery = await requireDelivery(services, webhook.id, request.params.delivery)
      const body = await bodyOf(services, webhook, delivery)
      if (body === null) throw new ApiError('messageExpired', 'The event of this delivery is not kept any more.')
      const row = await services.webhooks.store.repeat(webhook.id, delivery.id, body, request.identity!.name)
      if (!row) throw noSuchDelivery()
      reply.code(202)
      return presentDelivery(row)
    },
  )
}
