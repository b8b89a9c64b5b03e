import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema-types.ts'

/** Notified when a webhook was changed or a delivery is wanted. */
export const webhookChannel = 'assay_webhook'

/** Tells whoever delivers, when the transaction commits, that a webhook has changed or a delivery is wanted. */
export async function notifyWebhooks(db: Kysely<Schema>): Promise<void> {
  await sql`select pg_notify(${webhookChannel}, '')`.execute(db)
}
