import { Type } from 'typebox'
import { ApiError } from '../../../contract/errors.ts'
import { CreatedWebhook, RotateSecretRequest } from '../../../contract/native/webhook.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { maxPreviousWebhookSecrets, webhookSecretOverlapSeconds } from '../../../model/webhook-limits.ts'
import { createWebhookSecret } from '../../../model/webhook-signature.ts'
import { presentWebhook } from '../../present/webhook.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { parseWebhookId, requireWebhook } from './require-webhook.ts'

/**
 * `POST /api/v1/webhooks/{id}/rotate`: makes another secret, shown once. For a while the one before signs too, so that the receiver can
 * change over.
 */
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
        response: { 200: CreatedWebhook, 400: ProblemDetails, 404: ProblemDetails, 409: ProblemDetails },
      },
    },
    async (request) => {
      const id = parseWebhookId(request.params.id)
      const { overlapSeconds = webhookSecretOverlapSeconds } = request.body
      const secret = createWebhookSecret()
      const row = await services.webhooks.store.rotate(id, secret, overlapSeconds, request.identity!.name)
      if (row) return { ...presentWebhook(row), secret }
      await requireWebhook(services, id)
      throw new ApiError(
        'tooManySecrets',
        `${maxPreviousWebhookSecrets} secrets before this one sign already: previousSecretsUntil says how long.`,
      )
    },
  )
}
