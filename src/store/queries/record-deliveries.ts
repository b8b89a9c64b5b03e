import { sql, type Transaction } from 'kysely'
import { type DeliveryTry, deliveryStatuses } from '../../model/webhook.ts'
import { maxLoggedWebhookTries, webhookOutageMs } from '../../model/webhook-limits.ts'
import type { TriedMessage } from '../../processing/webhooks/ports.ts'
import type { Schema } from '../schema-types.ts'

const pending = deliveryStatuses.indexOf('PENDING')
const success = deliveryStatuses.indexOf('SUCCESS')
const failure = deliveryStatuses.indexOf('FAILURE')

/** How the webhook stands after what was tried. */
export interface WebhookStanding {
  /** Milliseconds since the first failure after the last delivery; `null`: something was delivered. */
  readonly failingMs: number | null
}

/**
 * Moves the webhook on and says since when it has been failing, if it is still the worker's; otherwise `null`. After an outage, what failed
 * meanwhile is due at once: it is older than what comes next.
 */
export async function moveWebhook(
  trx: Transaction<Schema>,
  worker: string,
  webhook: string,
  position: number,
  isDelivered: boolean,
): Promise<WebhookStanding | null> {
  const { rows } = await sql<{ failing_ms: number | null; outage_ms: number | null }>`
    with before as (select id, failing_since from assay.webhook where id = ${webhook}::uuid and worker = ${worker}::uuid and enabled for update),
    moved as (
      update assay.webhook w
      set position = greatest(w.position, ${position}::bigint), failing_since = ${isDelivered ? sql`null` : sql`coalesce(w.failing_since, now())`}
      from before b where w.id = b.id
      returning w.failing_since, b.failing_since as failing_before
    )
    select extract(epoch from now() - failing_since)::float8 * 1000 as failing_ms,
      extract(epoch from now() - failing_before)::float8 * 1000 as outage_ms
    from moved`.execute(trx)
  const [row] = rows
  if (row === undefined) return null
  if (isDelivered && (row.outage_ms ?? 0) >= webhookOutageMs) await hastenDeliveries(trx, webhook)
  return { failingMs: row.failing_ms }
}

async function hastenDeliveries(trx: Transaction<Schema>, webhook: string): Promise<void> {
  await sql`
    update assay.webhook_delivery set next_try_at = now()
    where webhook = ${webhook}::uuid and status = ${sql.lit(pending)} and next_try_at > now()`.execute(trx)
}

/** Writes down what was tried: new deliveries, and further tries of known ones. */
export async function recordDeliveries(trx: Transaction<Schema>, webhook: string, tried: readonly TriedMessage[]): Promise<void> {
  const rows = tried.map(({ message, answer, at, retryInMs }) => {
    const isDelivered = answer.error === null
    const { durationMs, status, excerpt, error } = answer
    return {
      id: 'delivery' in message ? message.delivery : null,
      position: message.position,
      message: message.id,
      type: message.type,
      path: message.path,
      lane: message.lane,
      body: isDelivered && message.position !== null ? null : message.body,
      status: isDelivered ? success : retryInMs === null ? failure : pending,
      failed: isDelivered ? 0 : 1,
      retry_ms: retryInMs,
      try: { at: at.toISOString(), durationMs, status, excerpt, error } satisfies DeliveryTry,
    }
  })
  const input = (
    of: typeof rows,
  ) => sql`jsonb_to_recordset(${JSON.stringify(of)}::text::jsonb) as i(id bigint, position bigint, message text,
    type text, path text, lane text, body text, status smallint, failed smallint, retry_ms float8, try jsonb)`
  const nextTry = sql`now() + i.retry_ms * interval '1 millisecond'`
  const finished = sql`case when i.status <> ${sql.lit(pending)} then now() end`
  const known = rows.filter(({ id }) => id !== null)
  if (known.length > 0) {
    await sql`
      update assay.webhook_delivery d set body = i.body, status = i.status, failures = d.failures + i.failed,
        tries = ${lastTries(sql`d.tries || i.try`)}, next_try_at = ${nextTry}, finished_at = ${finished}
      from ${input(known)} where d.id = i.id and d.webhook = ${webhook}::uuid`.execute(trx)
  }
  const fresh = rows.filter(({ id }) => id === null)
  if (fresh.length === 0) return
  // One that is there already was asked for while this one was under way, or tried by a worker that could not move the webhook on.
  await sql`
    insert into assay.webhook_delivery as d (webhook, position, message, type, path, lane, body, status, failures, tries, next_try_at, finished_at)
    select ${webhook}::uuid, i.position, i.message, i.type, i.path, i.lane, i.body, i.status, i.failed, jsonb_build_array(i.try), ${nextTry}, ${finished}
    from ${input(fresh)} order by i.position
    on conflict (webhook, position) do update set body = excluded.body, status = excluded.status, failures = d.failures + excluded.failures,
      tries = ${lastTries(sql`d.tries || excluded.tries`)}, next_try_at = excluded.next_try_at, finished_at = excluded.finished_at`.execute(
    trx,
  )
}

/** The end of a list of tries: each adds one, so there is one too many at most. */
function lastTries(tries: ReturnType<typeof sql>) {
  return sql`case when jsonb_array_length(${tries}) > ${sql.lit(maxLoggedWebhookTries)} then (${tries}) - 0 else ${tries} end`
}
