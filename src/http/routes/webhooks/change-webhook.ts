import { Type } from 'typebox'
import { ChangeWebhookRequest, Webhook } from '../../../contract/native/webhook.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { presentWebhook } from '../../present/webhook.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { readWebhookOrder } from './read-webhook-order.ts'
import { noSuchWebhook, parseWebhookId } from './require-webhook.ts'

/** `PATCH /api/v1/webhooks/{id}`: changes what is given. Switched on again, it goes on with what happens from then on. */
export function changeWebhookRoute(server: Server, services: HttpServices): void {
  server.patch(
    '/api/v1/webhooks/:id',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['native'],
        summary: 'Change a webhook',
        params: Type.Object({ id: Type.String() }),
        body: ChangeWebhookRequest,
        response: { 200: Webhook, 400: ProblemDetails, 404: ProblemDetails },
      },
    },
    async (request) => {
      const id = parseWebhookId(request.params.id)
      const changes = await readWebhookOrder(services, request.body)
      const row = await services.webhooks.store.change(id, changes, request.identity!.name)
      if (!row) throw noSuchWebhook()
      return presentWebhook(row)
    },
  )
}
