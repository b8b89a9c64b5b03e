import { type Kysely, type Selectable, sql } from 'kysely'
import { deliveryStatuses } from '../../model/webhook.ts'
import type { Schema, WebhookTable } from '../schema-types.ts'

/** A webhook, whether deliveries of it wait whose time has come, and which secrets before its own sign as well, by the clock of the database. */
export type ClaimedRow = Selectable<WebhookTable> & { readonly is_due: boolean; readonly valid_previous_secrets: readonly string[] }

/**
 * Says that the worker lives for `leaseMs` from now, takes over enabled webhooks that no living worker delivers for (`isAlone`: that any other
 * one did), and gives all enabled ones that are its own. Writes only when a quarter of the time has gone, and nothing while there are no webhooks. Of a
 * worker that is said to live for longer nothing is known: the clock was set back.
 */
export async function claimWebhooks(db: Kysely<Schema>, worker: string, leaseMs: number, isAlone: boolean): Promise<ClaimedRow[]> {
  const lease = sql`${leaseMs}::float8 * interval '1 millisecond'`
  const isDead = isAlone
    ? sql`true`
    : sql`not exists (select from assay.webhook_worker o where o.id = w.worker and o.until between now() and now() + ${lease} * 2)`
  const { rows } = await sql<ClaimedRow>`
    with alive as (
      insert into assay.webhook_worker (id, until)
      select ${worker}::uuid, now() + ${lease} where exists (select from assay.webhook where enabled)
      on conflict (id) do update set until = excluded.until
      where webhook_worker.until not between now() + ${lease} * 0.75 and now() + ${lease} * 2
    ), taken as (
      update assay.webhook w set worker = ${worker}::uuid
      where enabled and worker is distinct from ${worker}::uuid and ${isDead}
      returning w.*
    ), mine as (
      select * from taken
      union all select * from assay.webhook where enabled and worker = ${worker}::uuid
    )
    select m.*, array(
      select p.secret from unnest(m.previous_secrets, m.previous_secrets_until) as p(secret, until) where p.until > now()
    ) as valid_previous_secrets, exists (
      select from assay.webhook_delivery d
      where d.webhook = m.id and d.status = ${sql.lit(deliveryStatuses.indexOf('PENDING'))} and d.next_try_at <= now()
    ) as is_due
    from mine m`.execute(db)
  return rows
}

/** Leaves the worker's webhooks to the others, and forgets workers that have been gone for long. */
export async function releaseWebhooks(db: Kysely<Schema>, worker: string): Promise<void> {
  await sql`
    with gone as (delete from assay.webhook_worker where id = ${worker}::uuid or until < now() - interval '1 hour')
    update assay.webhook set worker = null where worker = ${worker}::uuid`.execute(db)
}

/** Stores how far webhooks have come in the log that are still the worker's. */
export async function saveWebhookPositions(db: Kysely<Schema>, worker: string, positions: ReadonlyMap<string, number>): Promise<void> {
  await sql`
    update assay.webhook w set position = p.position
    from unnest(${[...positions.keys()]}::uuid[], ${[...positions.values()]}::bigint[]) as p(id, position)
    where w.id = p.id and w.worker = ${worker}::uuid and w.position < p.position`.execute(db)
}
