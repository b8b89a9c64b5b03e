import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely'
import { type DeliveryStatus, deliveryStatuses } from '../../model/webhook.ts'
import type { Schema, WebhookDeliveryTable } from '../schema-types.ts'

/** A delivery as the log shows it. */
export type DeliveryRow = Selectable<WebhookDeliveryTable>

/**
 * The next `limit` deliveries of a webhook that are older than the one with the id `before`, newest first. Those with a status are found by themselves, and
 * the status stands in the statement: a plan for all would otherwise walk through the deliveries of all webhooks, past the index of those that failed.
 */
export function listDeliveries(
  db: Kysely<Schema>,
  webhook: string,
  { status, before, limit }: { readonly status?: DeliveryStatus | undefined; readonly before: number | null; readonly limit: number },
): Promise<DeliveryRow[]> {
  return db
    .selectFrom('assay.webhook_delivery')
    .where('webhook', '=', webhook)
    .$if(before !== null, (query) => query.where('id', '<', before))
    .$if(status !== undefined, (query) => query.where('id', '=', withStatus(webhook, status!)))
    .selectAll()
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

function withStatus(webhook: string, status: DeliveryStatus): RawBuilder<number> {
  return sql`any (array(select id from assay.webhook_delivery where webhook = ${webhook} and status = ${sql.lit(deliveryStatuses.indexOf(status))}))`
}

/** One delivery of a webhook. */
export async function findDelivery(db: Kysely<Schema>, webhook: string, id: number): Promise<DeliveryRow | null> {
  const query = db.selectFrom('assay.webhook_delivery').where('webhook', '=', webhook).where('id', '=', id)
  return (await query.selectAll().executeTakeFirst()) ?? null
}
