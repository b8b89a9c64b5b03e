import type { Kysely } from 'kysely'
import type { Schema } from '../schema-types.ts'
import { type WebhookRow, webhookColumns } from './create-webhook.ts'

/** The webhook with this id (a UUID), without its secrets. */
export async function findWebhook(db: Kysely<Schema>, id: string): Promise<WebhookRow | null> {
  return (await db.selectFrom('assay.webhook').where('id', '=', id).select(webhookColumns).executeTakeFirst()) ?? null
}

/** All webhooks, oldest first. */
export function listWebhooks(db: Kysely<Schema>): Promise<WebhookRow[]> {
  return db.selectFrom('assay.webhook').select(webhookColumns).orderBy('created_at').orderBy('id').execute()
}
