import { type Kysely, sql } from 'kysely'
import { deliveryStatuses } from '../../model/webhook.ts'
import type { Schema } from '../schema-types.ts'

/**
 * Removes finished deliveries that are older than `ageMs` or not among the newest `most` of their webhook, at most `limit`, and remembers up to
 * where. Also workers that have not been heard of for long. Gives how many deliveries were removed.
 */
export async function forgetDeliveries(db: Kysely<Schema>, ageMs: number, most: number, limit: number): Promise<number> {
  const { rows } = await sql<{ removed: number }>`
    with gone as (delete from assay.webhook_worker where until < now() - interval '1 day'),
    cuts as (
      select id as webhook, (select d.id from assay.webhook_delivery d where d.webhook = w.id order by d.id desc offset ${most} limit 1) as cut
      from assay.webhook w
    ), old as (
      select o.id from cuts c cross join lateral (
        select d.id from assay.webhook_delivery d
        where d.webhook = c.webhook and d.status <> ${sql.lit(deliveryStatuses.indexOf('PENDING'))}
          and (d.id <= c.cut or d.finished_at < now() - ${ageMs}::float8 * interval '1 millisecond')
        order by d.id limit ${limit}
      ) o limit ${limit}
    ), removed as (
      delete from assay.webhook_delivery d using old where d.id = old.id returning d.webhook, d.position
    ), remembered as (
      update assay.webhook w set forgotten_position = greatest(w.forgotten_position, r.position)
      from (select webhook, max(position) as position from removed group by webhook) r where w.id = r.webhook
    )
    select count(*) as removed from removed`.execute(db)
  return rows[0]!.removed
}
