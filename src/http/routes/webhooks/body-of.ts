import type { WebhookFormat } from '../../../model/webhook.ts'
import { EventPositionLostError } from '../../../processing/event-log.ts'
import type { WebhookRow } from '../../../store/queries/create-webhook.ts'
import type { DeliveryRow } from '../../../store/queries/find-deliveries.ts'
import type { HttpServices } from '../../services.ts'

/** What the delivery posts. Of one that was delivered it is made again from its event; `null` when that is not kept any more. */
export async function bodyOf(
  { eventLog, webhooks: { messages } }: Pick<HttpServices, 'eventLog' | 'webhooks'>,
  webhook: WebhookRow,
  { body, position }: DeliveryRow,
): Promise<string | null> {
  if (body !== null || position === null) return body
  const page = await eventLog.read({ after: position - 1, limit: 1 }).catch((error) => {
    if (error instanceof EventPositionLostError) return null
    throw error
  })
  const event = page?.events.find((each) => each.position === position)
  return event ? (messages.ofEvent(event, webhook.format as WebhookFormat)?.body ?? null) : null
}
