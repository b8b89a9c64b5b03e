import { Type } from 'typebox'
import { CreatedWebhook, RotateSecretRequest } from '../../../contract/native/webhook.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { webhookSecretOverlapSeconds } from '../../../model/webhook-limits.ts'
import { createWebhookSecret } from '../../../model/webhook-signature.ts'
import { presentWebhook } from '../../present/webhook.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { noSuchWebhook, parseWebhookId } from './require-webhook.ts'

/** `POST /api/v1/webhooks/{id}/rotate`: makes another secret, shown once. For a while both sign, so that the receiver can change over. */
export function rotateSecretRoute(server: Server, services: HttpServices): void {
  server.post(
    '/api/v1/webhooks/:id/rotate',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['native'],
        summary: 'Make a new secret for a webhook',
        params: Type.Object({ id: Type.String() }),
        body: RotateSecretRequest,
        response: { 200: CreatedWebhook, 400: ProblemDetails, 404: ProblemDetails },
      },
    },
    async (request) => {
      const id = parseWebhookId(request.params.id)
      const { overlapSeconds = webhookSecretOverlapSeconds } = request.body
      const secret = createWebhookSecret()
      const row = await services.webhooks.store.rotate(id, secret, overlapSeconds, request.identity!.name)
      if (!row) throw noSuchWebhook()
      return { ...presentWebhook(row), secret }
    },
  )
}
