import { Type } from 'typebox'
import { Webhook } from '../../../contract/native/webhook.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { presentWebhook } from '../../present/webhook.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { requireWebhook } from './require-webhook.ts'

/** `GET /api/v1/webhooks/{id}`. */
export function getWebhookRoute(server: Server, services: HttpServices): void {
  server.get(
    '/api/v1/webhooks/:id',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['native'],
        summary: 'Show a webhook',
        params: Type.Object({ id: Type.String() }),
        response: { 200: Webhook, 404: ProblemDetails },
      },
    },
    async (request) => presentWebhook(await requireWebhook(services, request.params.id)),
  )
}
