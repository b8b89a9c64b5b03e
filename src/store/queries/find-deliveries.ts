import type { Kysely, Selectable } from 'kysely'
import { type DeliveryStatus, deliveryStatuses } from '../../model/webhook.ts'
import type { Schema, WebhookDeliveryTable } from '../schema-types.ts'

export type DeliveryRow = Selectable<WebhookDeliveryTable>

/** The next `limit` deliveries of a webhook that are older than the one with the id `before`, newest first. */
export function listDeliveries(
  db: Kysely<Schema>,
  webhook: string,
  { status, before, limit }: { readonly status?: DeliveryStatus | undefined; readonly before: number | null; readonly limit: number },
): Promise<DeliveryRow[]> {
  return db
    .selectFrom('assay.webhook_delivery')
    .where('webhook', '=', webhook)
    .$if(before !== null, (query) => query.where('id', '<', before))
    .$if(status !== undefined, (query) => query.where('status', '=', deliveryStatuses.indexOf(status!)))
    .selectAll()
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** One delivery of a webhook. */
export async function findDelivery(db: Kysely<Schema>, webhook: string, id: number): Promise<DeliveryRow | null> {
  const query = db.selectFrom('assay.webhook_delivery').where('webhook', '=', webhook).where('id', '=', id)
  return (await query.selectAll().executeTakeFirst()) ?? null
}
