import { Type } from 'typebox'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { noSuchWebhook, parseWebhookId } from './require-webhook.ts'

/** `DELETE /api/v1/webhooks/{id}`: removes it with its deliveries. What is under way may still arrive. */
export function removeWebhookRoute(server: Server, services: HttpServices): void {
  server.delete(
    '/api/v1/webhooks/:id',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['native'],
        summary: 'Remove a webhook',
        params: Type.Object({ id: Type.String() }),
        response: { 204: Type.Null(), 404: ProblemDetails },
      },
    },
    async (request, reply) => {
      if (!(await services.webhooks.store.remove(parseWebhookId(request.params.id), request.identity!.name))) throw noSuchWebhook()
      return reply.code(204).send(null)
    },
  )
}
