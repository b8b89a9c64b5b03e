import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { changeWebhookRoute } from './change-webhook.ts'
import { createWebhookRoute } from './create-webhook.ts'
import { getDeliveryRoute } from './get-delivery.ts'
import { getWebhookRoute } from './get-webhook.ts'
import { listDeliveriesRoute } from './list-deliveries.ts'
import { listWebhooksRoute } from './list-webhooks.ts'
import { removeWebhookRoute } from './remove-webhook.ts'
import { replayDeliveriesRoute } from './replay-deliveries.ts'
import { replayDeliveryRoute } from './replay-delivery.ts'
import { rotateSecretRoute } from './rotate-secret.ts'
import { testWebhookRoute } from './test-webhook.ts'

/** All operations on webhooks. */
export const webhookRoutes: readonly ((server: Server, services: HttpServices) => void)[] = [
  createWebhookRoute,
  listWebhooksRoute,
  getWebhookRoute,
  changeWebhookRoute,
  removeWebhookRoute,
  rotateSecretRoute,
  testWebhookRoute,
  listDeliveriesRoute,
  getDeliveryRoute,
  replayDeliveryRoute,
  replayDeliveriesRoute,
]
