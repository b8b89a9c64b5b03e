import { systemActor } from '../model/event-type.ts'
import { dayMs } from '../model/units.ts'
import type { WebhookFormat } from '../model/webhook.ts'
import { webhookDisableAfterMs, webhookEmbeddedLeaseMs, webhookLeaseMs, webhookPollMs } from '../model/webhook-limits.ts'
import type { ClaimedWebhook, WebhookQueue } from '../processing/webhooks/ports.ts'
import type { DatabaseConnection } from './database.ts'
import { type ClaimedRow, claimWebhooks, releaseWebhooks, saveWebhookPositions } from './queries/claim-webhooks.ts'
import { disableWebhook } from './queries/disable-webhook.ts'
import { notifyWebhooks, webhookChannel } from './queries/notify-webhooks.ts'
import { readDueDeliveries } from './queries/read-due-deliveries.ts'
import { moveWebhook, recordDeliveries } from './queries/record-deliveries.ts'
import { filterOfWebhook } from './webhook-filter.ts'

/** Webhooks and deliveries in the database, as the worker sees them that delivers. The embedded database has one worker only. */
export function createWebhookQueue(database: DatabaseConnection): WebhookQueue {
  const isAlone = database.engine === 'pglite'
  const leaseMs = isAlone ? webhookEmbeddedLeaseMs : webhookLeaseMs
  return {
    claimEveryMs: isAlone ? webhookPollMs : webhookLeaseMs / 4,
    claim: async (worker) => (await claimWebhooks(database.kysely, worker, leaseMs, isAlone)).map(toClaimed),
    readDue: (worker, webhook, limit) => readDueDeliveries(database.kysely, worker, webhook, limit),
    record: (worker, webhook, { tried, position, gone }) =>
      database.transaction(async (trx) => {
        const isDelivered = tried.some(({ answer }) => answer.error === null)
        const standing = await moveWebhook(trx, worker, webhook, position, isDelivered)
        if (!standing) return 'lost'
        await recordDeliveries(trx, webhook, tried)
        const failingMs = standing.failingMs ?? 0
        const reason =
          gone ?? (failingMs > webhookDisableAfterMs ? `Nothing could be delivered for ${Math.floor(failingMs / dayMs)} days.` : null)
        if (reason === null) return 'kept'
        await disableWebhook(trx, webhook, reason, systemActor)
        return 'disabled'
      }),
    savePositions: (worker, positions) => saveWebhookPositions(database.kysely, worker, positions),
    async release(worker) {
      await releaseWebhooks(database.kysely, worker)
      await notifyWebhooks(database.kysely)
    },
    watch: (onChange) => database.listen(webhookChannel, onChange, onChange),
  }
}

function toClaimed(row: ClaimedRow): ClaimedWebhook {
  const { id, url, position, is_due: isDue } = row
  return {
    id,
    url,
    format: row.format as WebhookFormat,
    secrets: [row.secret, ...row.valid_previous_secrets],
    filter: filterOfWebhook(row),
    position,
    isDue,
  }
}
