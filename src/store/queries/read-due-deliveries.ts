import { type Kysely, sql } from 'kysely'
import { deliveryStatuses } from '../../model/webhook.ts'
import type { DueDelivery } from '../../processing/webhooks/ports.ts'
import type { Schema } from '../schema-types.ts'

/** Deliveries of a webhook whose time has come, in the order of their events; tests first. */
export async function readDueDeliveries(db: Kysely<Schema>, webhook: string, limit: number): Promise<DueDelivery[]> {
  const rows = await db
    .selectFrom('assay.webhook_delivery')
    .where('webhook', '=', webhook)
    .where('status', '=', sql<number>`${sql.lit(deliveryStatuses.indexOf('PENDING'))}`)
    .where('next_try_at', '<=', sql<Date>`now()`)
    .select(['id', 'position', 'message', 'type', 'path', 'lane', 'body', 'failures'])
    .orderBy('position', (order) => order.asc().nullsFirst())
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ id, position, message, type, path, lane, body, failures }) => ({
    delivery: id,
    id: message,
    type,
    path,
    lane,
    position,
    body: body!,
    failures,
  }))
}
