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

/**
 * Gives it another secret. Until `overlapSeconds` have passed the one before signs too, and so do those before that one until the end that they have; with 0
 * all of them end. `null`: there is none with this id, or `most` earlier ones sign already.
 */
export async function rotateWebhookSecret(
  trx: Transaction<Schema>,
  id: string,
  secret: string,
  { overlapSeconds, most }: { readonly overlapSeconds: number; readonly most: number },
): Promise<WebhookRow | null> {
  const overlaps = sql<boolean>`${overlapSeconds > 0}::boolean`
  const kept = sql`unnest(
      array_prepend(webhook.secret, previous_secrets),
      array_prepend(now() + ${overlapSeconds} * interval '1 second', previous_secrets_until)
    ) as p(secret, until) where ${overlaps} and p.until > now()`
  const row = await trx
    .updateTable('assay.webhook')
    .set({
      previous_secrets: sql<string[]>`array(select p.secret from ${kept} order by p.until desc)`,
      previous_secrets_until: sql<Date[]>`array(select p.until from ${kept} order by p.until desc)`,
      secret,
      changed_at: sql`now()`,
    })
    .where('id', '=', id)
    .where(
      sql<boolean>`(not ${overlaps} or (select count(*) from unnest(previous_secrets_until) as u(until) where until > now()) < ${most})`,
    )
    .returning(webhookColumns)
    .executeTakeFirst()
  return row ?? null
}

/** Removes it with its deliveries. `false`: there is none with this id. */
export async function removeWebhook(trx: Transaction<Schema>, id: string): Promise<boolean> {
  const { numDeletedRows } = await trx.deleteFrom('assay.webhook').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}
