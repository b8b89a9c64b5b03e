import { ApiError } from '../../../contract/errors.ts'
import { isUuid } from '../../../model/uuid.ts'
import type { WebhookRow } from '../../../store/queries/create-webhook.ts'
import { type DeliveryRow, findDelivery } from '../../../store/queries/find-deliveries.ts'
import { findWebhook } from '../../../store/queries/find-webhook.ts'
import type { HttpServices } from '../../services.ts'

type Services = Pick<HttpServices, 'database'>

/** What a route answers where the webhook that its address names is not there, or no longer. */
export const noSuchWebhook = () => new ApiError('webhookNotFound', 'No webhook has this id.')

/** What a route answers where the delivery that its address names is not there, or no longer. */
export const noSuchDelivery = () => new ApiError('deliveryNotFound', 'The webhook has no delivery with this id, or no longer.')

/** An id as webhooks have it; anything else belongs to none. */
export function parseWebhookId(id: string): string {
  if (!isUuid(id)) throw noSuchWebhook()
  return id.toLowerCase()
}

/** The webhook that an address names. Throws an ApiError where it is not there. */
export async function requireWebhook({ database }: Services, id: string): Promise<WebhookRow> {
  const webhook = await findWebhook(database.kysely, parseWebhookId(id))
  if (webhook) return webhook
  throw noSuchWebhook()
}

/** One that sends: what is asked of it would otherwise wait for ever. */
export async function requireEnabledWebhook(services: Services, id: string): Promise<WebhookRow> {
  const webhook = await requireWebhook(services, id)
  if (webhook.enabled) return webhook
  throw new ApiError('webhookDisabled', webhook.disabled_reason ?? '')
}

/** The delivery of a webhook that an address names by its number. Throws an ApiError where it is not there. */
export async function requireDelivery(services: Services, webhook: string, id: string): Promise<DeliveryRow> {
  const number = /^\d{1,15}$/.test(id) ? Number(id) : null
  const delivery = number === null ? null : await findDelivery(services.database.kysely, webhook, number)
  if (delivery) return delivery
  throw noSuchDelivery()
}
