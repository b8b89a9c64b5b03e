import { sql, type Transaction } from 'kysely'
import { type DeliveryStatus, deliveryStatuses } from '../../model/webhook.ts'
import type { Schema } from '../schema-types.ts'
import { writeEvents } from './write-events.ts'

const numberOf = (status: DeliveryStatus) => sql.lit(deliveryStatuses.indexOf(status))

/** Switches a webhook off because of how its receiver behaves, gives up what still waits for it, and records that as an event. */
export async function disableWebhook(trx: Transaction<Schema>, webhook: string, reason: string, actor: string): Promise<void> {
  await trx
    .updateTable('assay.webhook')
    .set({ enabled: false, disabled_reason: reason, changed_at: sql`now()` })
    .where('id', '=', webhook)
    .execute()
  await giveUpDeliveries(trx, webhook)
  await writeEvents(trx, [{ type: 'webhook.disabled', actor, subject: webhook, detail: { reason } }])
}

/** What still waits for a webhook that is switched off has failed: it can be asked for again. */
export async function giveUpDeliveries(trx: Transaction<Schema>, webhook: string): Promise<void> {
  await sql`
    update assay.webhook_delivery set status = ${numberOf('FAILURE')}, next_try_at = null, finished_at = now()
    where webhook = ${webhook}::uuid and status = ${numberOf('PENDING')}`.execute(trx)
}
