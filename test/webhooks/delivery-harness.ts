import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { WebhookMessages } from '../../src/http/present/webhook-message.ts'
import type { NewEvent } from '../../src/model/event.ts'
import { deliveryStatuses } from '../../src/model/webhook.ts'
import { createWebhookSecret } from '../../src/model/webhook-signature.ts'
import { type DelivererParts, startWebhookDeliverer } from '../../src/processing/webhooks/deliver-webhooks.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'
import { openEventLog } from '../../src/store/event-log.ts'
import { notifyWebhooks } from '../../src/store/queries/notify-webhooks.ts'
import { writeEvents } from '../../src/store/queries/write-events.ts'
import { createWebhookQueue } from '../../src/store/webhook-queue.ts'
import { openWebhookSender } from '../../src/webhooks/open-sender.ts'
import { createReceiverGuard } from '../../src/webhooks/receiver-guard.ts'

export const secret = createWebhookSecret()
export const messages = new WebhookMessages('urn:test')

/** A worker that delivers, over its own sender. Loopback is allowed. */
export async function startWorker(database: DatabaseConnection, overrides: Partial<DelivererParts> = {}): Promise<AsyncDisposable> {
  const stack = new AsyncDisposableStack()
  const log = stack.use(await openEventLog(database))
  const sender = stack.use(openWebhookSender(createReceiverGuard(['127.0.0.1']), 2_000))
  stack.use(
    await startWebhookDeliverer({
      queue: createWebhookQueue(database),
      log,
      sender,
      createMessage: (event, format) => messages.ofEvent(event, format),
      random: () => 0.5,
      onTried: () => undefined,
      onDisabled: () => undefined,
      onGap: () => undefined,
      onError: (error) => {
        throw error
      },
      ...overrides,
    }),
  )
  return stack
}

/** Adds a webhook for what happens from now on; gives its id. */
export async function addWebhook(
  database: DatabaseConnection,
  url: string,
  wanted: { types?: string[]; paths?: string[]; format?: string } = {},
): Promise<string> {
  const id = randomUUID()
  const { types = null, paths = null, format = 'cloudevents' } = wanted
  const position = sql<number>`coalesce((select max(seq) from assay.event), 0)`
  await database.kysely
    .insertInto('assay.webhook')
    .values({ id, url, description: '', format, types, paths, secret, enabled: true, position, created_by: 'admin' } as never)
    .execute()
  await notifyWebhooks(database.kysely)
  return id
}

/** Something happens, in one transaction. */
export function happen(database: DatabaseConnection, ...events: (Partial<NewEvent> & { path: string | null })[]): Promise<void> {
  const whole = events.map(
    (event): NewEvent => ({
      type: 'asset.processed',
      actor: 'system',
      subject: `GUID-${event.path}`,
      revision: 1,
      status: 'SUCCESS',
      ...event,
    }),
  )
  return database.transaction((trx) => writeEvents(trx, whole))
}

export interface KnownDelivery {
  readonly path: string | null
  readonly status: string
  readonly failures: number
  readonly tries: readonly { readonly status: number | null; readonly error: string | null; readonly excerpt: string }[]
  /** Seconds from the last try to the next one. */
  readonly waits: number | null
}

/** The deliveries of a webhook, in the order of their events. */
export async function deliveriesOf(database: DatabaseConnection, webhook: string): Promise<KnownDelivery[]> {
  const waits = sql<number | null>`extract(epoch from next_try_at - (tries -> -1 ->> 'at')::timestamptz)::float8`
  const query = database.kysely.selectFrom('assay.webhook_delivery').where('webhook', '=', webhook).orderBy('position')
  const rows = await query.select(['path', 'status', 'failures', 'tries', waits.as('waits')]).execute()
  return rows.map((row) => ({ ...row, status: deliveryStatuses[row.status]! }))
}

/** The time until the next tries has passed. */
export async function passTime(database: DatabaseConnection, webhook: string): Promise<void> {
  await database.kysely
    .updateTable('assay.webhook_delivery')
    .set({ next_try_at: sql<Date>`now()` })
    .where('webhook', '=', webhook)
    .where('status', '=', 0)
    .execute()
  await notifyWebhooks(database.kysely)
}
