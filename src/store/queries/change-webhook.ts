import { type Selectable, sql, type Transaction } from 'kysely'
import type { Schema, WebhookTable } from '../schema-types.ts'
import { type WebhookRow, webhookColumns } from './create-webhook.ts'
import { giveUpDeliveries } from './disable-webhook.ts'
import { readEventBounds } from './read-events.ts'

/** What may be changed; what is `undefined` stays. */
export type WebhookChanges = Partial<Pick<Selectable<WebhookTable>, 'url' | 'description' | 'format' | 'types' | 'paths' | 'enabled'>>

/**
 * Changes a webhook. One that is switched off gives up what still waits for it; one that is switched on again goes on with what happens from
 * then on. `null`: there is none with this id.
 */
export async function changeWebhook(
  trx: Transaction<Schema>,
  id: string,
  changes: WebhookChanges,
  actor: string,
): Promise<WebhookRow | null> {
  const before = await trx.selectFrom('assay.webhook').where('id', '=', id).select('enabled').forUpdate().executeTakeFirst()
  if (!before) return null
  const { enabled = before.enabled } = changes
  if (before.enabled && !enabled) await giveUpDeliveries(trx, id)
  return trx
    .updateTable('assay.webhook')
    .set({ ...changes, changed_at: sql`now()` })
    .$if(before.enabled && !enabled, (update) => update.set({ disabled_reason: `Switched off by ${actor}.` }))
    .$if(!before.enabled && enabled, (update) => update.set({ disabled_reason: null, failing_since: null }))
    .set(!before.enabled && enabled ? { position: (await readEventBounds(trx)).newest } : {})
    .where('id', '=', id)
    .returning(webhookColumns)
    .executeTakeFirstOrThrow()
}

/** Gives it another secret; until `overlapSeconds` have passed the one before signs too. `null`: there is none with this id. */
export async function rotateWebhookSecret(
  trx: Transaction<Schema>,
  id: string,
  secret: string,
  overlapSeconds: number,
): Promise<WebhookRow | null> {
  const row = await trx
    .updateTable('assay.webhook')
    .set({
      previous_secret: overlapSeconds > 0 ? sql<string>`secret` : null,
      previous_secret_until: overlapSeconds > 0 ? sql<Date>`now() + ${overlapSeconds} * interval '1 second'` : null,
      secret,
      changed_at: sql`now()`,
    })
    .where('id', '=', id)
    .returning(webhookColumns)
    .executeTakeFirst()
  return row ?? null
}

/** Removes it with its deliveries. `false`: there is none with this id. */
export async function removeWebhook(trx: Transaction<Schema>, id: string): Promise<boolean> {
  const { numDeletedRows } = await trx.deleteFrom('assay.webhook').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}
