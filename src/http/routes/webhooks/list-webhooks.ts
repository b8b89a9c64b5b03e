import { WebhookList } from '../../../contract/native/webhook.ts'
import { listWebhooks } from '../../../store/queries/find-webhook.ts'
import { presentWebhook } from '../../present/webhook.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'

/** `GET /api/v1/webhooks`: all of them, oldest first. For administrators, as a URL may be a secret by itself. */
export function listWebhooksRoute(server: Server, services: HttpServices): void {
  server.get(
    '/api/v1/webhooks',
    { config: { scope: 'admin' }, schema: { tags: ['native'], summary: 'List webhooks', response: { 200: WebhookList } } },
    async () => ({ items: (await listWebhooks(services.database.kysely)).map(presentWebhook), nextCursor: null }),
  )
}
