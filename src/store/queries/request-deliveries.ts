import { type Kysely, sql, type Transaction } from 'kysely'
import { type DeliveryStatus, deliveryStatuses } from '../../model/webhook.ts'
import type { WebhookMessage } from '../../processing/webhooks/ports.ts'
import type { Schema } from '../schema-types.ts'
import type { DeliveryRow } from './find-deliveries.ts'
import { prunedKey } from './read-events.ts'

const numberOf = (status: DeliveryStatus) => sql.lit(deliveryStatuses.indexOf(status))

/** Due now, with all its tries before it. */
const askedAgain = sql`status = ${numberOf('PENDING')}, failures = 0, next_try_at = now(), finished_at = null`

/** Asks for messages that were never tried; what has a delivery already is left alone. Gives those that were added. */
export async function addDeliveries(
  trx: Transaction<Schema>,
  webhook: string,
  messages: readonly WebhookMessage[],
): Promise<DeliveryRow[]> {
  if (messages.length === 0) return []
  const { rows } = await sql<DeliveryRow>`
    insert into assay.webhook_delivery (webhook, position, message, type, path, lane, body, status, next_try_at)
    select ${webhook}::uuid, i.position, i.id, i.type, i.path, i.lane, i.body, ${numberOf('PENDING')}, now()
    from jsonb_to_recordset(${JSON.stringify(messages)}::text::jsonb) as i(position bigint, id text, type text, path text, lane text, body text)
    on conflict (webhook, position) do nothing
    returning *`.execute(trx)
  return rows
}

/** Asks for one delivery again, whatever came of it. `body`: of its message, in case it is not kept with it. */
export async function repeatDelivery(trx: Transaction<Schema>, webhook: string, id: number, body: string): Promise<DeliveryRow | null> {
  const { rows } = await sql<DeliveryRow>`
    update assay.webhook_delivery set ${askedAgain}, body = ${body}
    where webhook = ${webhook}::uuid and id = ${id} returning *`.execute(trx)
  return rows[0] ?? null
}

/** Asks again for what has failed since then, the oldest first, at most `limit`. Gives how many. */
export async function repeatFailedDeliveries(trx: Transaction<Schema>, webhook: string, since: Date, limit: number): Promise<number> {
  const result = await sql`
    update assay.webhook_delivery set ${askedAgain}
    where id in (
      select id from assay.webhook_delivery
      where webhook = ${webhook}::uuid and status = ${numberOf('FAILURE')} and finished_at >= ${since} and position is not null
      order by finished_at limit ${limit})`.execute(trx)
  return Number(result.numAffectedRows ?? 0)
}

/** Between which positions it is known what was never tried: what happened since then, as far as the webhook has come. */
export async function findUntriedRange(db: Kysely<Schema>, webhook: string, since: Date): Promise<{ after: number; upTo: number }> {
  const { rows } = await sql<{ after: number; up_to: number }>`
    select greatest(w.forgotten_position, coalesce((select min(seq) - 1 from assay.event where at >= ${since}
      and seq > coalesce((select value::bigint from assay.setting where key = ${prunedKey}), 0)), w.position)) as after,
      w.position as up_to
    from assay.webhook w where id = ${webhook}::uuid`.execute(db)
  const [{ after, up_to: upTo }] = rows as [(typeof rows)[0]]
  return { after, upTo }
}
