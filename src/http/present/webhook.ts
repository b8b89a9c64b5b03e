import { wireTypePrefix } from '../../contract/native/event.ts'
import type { Delivery, Webhook } from '../../contract/native/webhook.ts'
import { deliveryStatuses, type WebhookFormat } from '../../model/webhook.ts'
import type { WebhookRow } from '../../store/queries/create-webhook.ts'
import type { DeliveryRow } from '../../store/queries/find-deliveries.ts'
import { presentPosition } from './event.ts'

/** A webhook as answers show it: never its secrets. */
export function presentWebhook(row: WebhookRow): Webhook {
  return {
    id: row.id,
    url: row.url,
    types: row.types ? (row.types.map((type) => `${wireTypePrefix}${type}`) as Webhook['types']) : null,
    paths: row.paths,
    description: row.description,
    format: row.format as WebhookFormat,
    enabled: row.enabled,
    disabledReason: row.disabled_reason,
    failingSince: row.failing_since?.toISOString() ?? null,
    position: presentPosition(row.position),
    previousSecretsUntil: row.previous_secrets_until.map((until) => until.toISOString()),
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
  }
}

/** A delivery as the log shows it. */
export function presentDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    webhookId: row.webhook,
    messageId: row.message,
    type: row.type,
    path: row.path,
    status: deliveryStatuses[row.status]!,
    failures: row.failures,
    tries: row.tries,
    nextTryAt: row.next_try_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  }
}
