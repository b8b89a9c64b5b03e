import { randomUUID } from 'node:crypto'
import { ApiError } from '../../../contract/errors.ts'
import { CreatedWebhook, CreateWebhookRequest } from '../../../contract/native/webhook.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { maxWebhooks } from '../../../model/webhook-limits.ts'
import { createWebhookSecret } from '../../../model/webhook-signature.ts'
import { presentWebhook } from '../../present/webhook.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { readWebhookOrder } from './read-webhook-order.ts'

/** `POST /api/v1/webhooks`: adds a receiver of what happens from now on. Its secret is in this answer and nowhere else. */
export function createWebhookRoute(server: Server, services: HttpServices): void {
  server.post(
    '/api/v1/webhooks',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['native'],
        summary: 'Add a webhook',
        body: CreateWebhookRequest,
        response: { 201: CreatedWebhook, 400: ProblemDetails, 409: ProblemDetails },
      },
    },
    async (request, reply) => {
      const order = await readWebhookOrder(services, request.body)
      const secret = createWebhookSecret()
      const standard = { description: '', format: 'cloudevents', types: null, paths: null, enabled: true }
      const row = await services.webhooks.store.create({
        id: randomUUID(),
        ...standard,
        ...order,
        url: order.url!,
        secret,
        created_by: request.identity!.name,
      })
      if (!row) throw new ApiError('tooManyWebhooks', `There are ${maxWebhooks} already.`)
      reply.code(201).header('location', `/api/v1/webhooks/${row.id}`)
      return { ...presentWebhook(row), secret }
    },
  )
}
