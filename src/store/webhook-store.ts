import type { Transaction } from 'kysely'
import type { EventDetail } from '../model/event.ts'
import type { EventType } from '../model/event-type.ts'
import { subtreeTimeoutMs } from '../model/limits.ts'
import {
  maxPreviousWebhookSecrets,
  maxReplayedDeliveries,
  maxWebhookLogDeliveries,
  maxWebhooks,
  sweptWebhookDeliveries,
  webhookLogRetentionMs,
} from '../model/webhook-limits.ts'
import type { WebhookMessage } from '../processing/webhooks/ports.ts'
import type { DatabaseConnection } from './database.ts'
import { changeWebhook, removeWebhook, rotateWebhookSecret, type WebhookChanges } from './queries/change-webhook.ts'
import { createWebhook, type NewWebhook, type WebhookRow } from './queries/create-webhook.ts'
import type { DeliveryRow } from './queries/find-deliveries.ts'
import { forgetDeliveries } from './queries/forget-deliveries.ts'
import { notifyWebhooks } from './queries/notify-webhooks.ts'
import { addDeliveries, repeatDelivery, repeatFailedDeliveries } from './queries/request-deliveries.ts'
import { writeEvents } from './queries/write-events.ts'
import type { Schema } from './schema-types.ts'

/** What is changed in webhooks through any interface: with an event that says who did it, and a word to whoever delivers. */
export class WebhookStore {
  readonly #database: DatabaseConnection

  constructor(database: DatabaseConnection) {
    this.#database = database
  }

  /** `null`: there are `maxWebhooks` already. */
  create(webhook: NewWebhook): Promise<WebhookRow | null> {
    return this.#change(async (trx) => {
      const row = await createWebhook(trx, webhook, maxWebhooks)
      if (row) await tell(trx, 'webhook.created', row.id, webhook.created_by, { receiver: hostOf(row) })
      return row
    })
  }

  /** `null`: there is none with this id. */
  change(id: string, changes: WebhookChanges, actor: string): Promise<WebhookRow | null> {
    return this.#change(async (trx) => {
      const row = await changeWebhook(trx, id, changes, actor)
      const changed = Object.keys(changes)
      if (row) await tell(trx, 'webhook.changed', id, actor, { changed, enabled: row.enabled, receiver: hostOf(row) })
      return row
    })
  }

  /** `null`: there is none with this id, or `maxPreviousWebhookSecrets` earlier secrets sign already. */
  rotate(id: string, secret: string, overlapSeconds: number, actor: string): Promise<WebhookRow | null> {
    return this.#change(async (trx) => {
      const row = await rotateWebhookSecret(trx, id, secret, { overlapSeconds, most: maxPreviousWebhookSecrets })
      if (row) await tell(trx, 'webhook.changed', id, actor, { changed: ['secret'], enabled: row.enabled })
      return row
    })
  }

  /** `false`: there is none with this id. */
  remove(id: string, actor: string): Promise<boolean> {
    return this.#change(async (trx) => {
      const isRemoved = await removeWebhook(trx, id)
      if (isRemoved) await tell(trx, 'webhook.deleted', id, actor)
      return isRemoved
    })
  }

  /** Asks for a message that is no event of the log. */
  test(id: string, message: WebhookMessage): Promise<DeliveryRow> {
    return this.#change(async (trx) => (await addDeliveries(trx, id, [message]))[0]!)
  }

  /** Asks for a delivery again. `null`: it is not kept any more. */
  repeat(id: string, delivery: number, body: string, actor: string): Promise<DeliveryRow | null> {
    return this.#change(async (trx) => {
      const row = await repeatDelivery(trx, id, delivery, body)
      if (row) await tell(trx, 'webhook.redelivered', id, actor, { count: 1 })
      return row
    })
  }

  /** Asks again for up to `maxReplayedDeliveries` that have failed; gives how many. */
  repeatFailed(id: string, since: Date, actor: string): Promise<number> {
    return this.#change(async (trx) => {
      const count = await repeatFailedDeliveries(trx, id, since, maxReplayedDeliveries)
      if (count > 0) await tell(trx, 'webhook.redelivered', id, actor, { count })
      return count
    })
  }

  /** Asks for those that have no delivery yet; gives how many. */
  askFor(id: string, messages: readonly WebhookMessage[], actor: string): Promise<number> {
    return this.#change(async (trx) => {
      const { length: count } = await addDeliveries(trx, id, messages)
      if (count > 0) await tell(trx, 'webhook.redelivered', id, actor, { count })
      return count
    })
  }

  /** Removes deliveries that are too old or too many; gives how many. */
  forget(): Promise<number> {
    return forgetDeliveries(this.#database.kysely, webhookLogRetentionMs, maxWebhookLogDeliveries, sweptWebhookDeliveries)
  }

  #change<Result>(work: (trx: Transaction<Schema>) => Promise<Result>): Promise<Result> {
    return this.#database.transaction(
      async (trx) => {
        const result = await work(trx)
        await notifyWebhooks(trx)
        return result
      },
      // Removing one removes its deliveries, which may be many.
      { timeoutMs: subtreeTimeoutMs },
    )
  }
}

/** What follows the host may be a secret. */
function hostOf({ url }: WebhookRow): string {
  return new URL(url).host
}

function tell(trx: Transaction<Schema>, type: EventType, subject: string, actor: string, detail?: EventDetail): Promise<void> {
  return writeEvents(trx, [{ type, actor, subject, ...(detail && { detail }) }])
}
