import { randomUUID } from 'node:crypto'
import type { Config } from '../config/config.ts'
import { WebhookMessages } from '../http/present/webhook-message.ts'
import type { WebhookServices } from '../http/services.ts'
import type { OperatorLog } from '../observe/operator-log.ts'
import type { EventLog } from '../processing/event-log.ts'
import { startWebhookDeliverer } from '../processing/webhooks/deliver-webhooks.ts'
import type { ClaimedWebhook } from '../processing/webhooks/ports.ts'
import type { DatabaseConnection } from '../store/database.ts'
import { readSharedSetting } from '../store/queries/read-shared-setting.ts'
import { createWebhookQueue } from '../store/webhook-queue.ts'
import { WebhookStore } from '../store/webhook-store.ts'
import { openWebhookSender } from '../webhooks/open-sender.ts'
import { createReceiverGuard } from '../webhooks/receiver-guard.ts'

interface WebhookParts {
  readonly config: Config
  readonly database: DatabaseConnection
  readonly eventLog: EventLog
  readonly operatorLog: OperatorLog
}

/** Gives what the routes need, and delivers where this process works. */
export async function openWebhooks(
  opening: AsyncDisposableStack,
  { config, database, eventLog, operatorLog }: WebhookParts,
): Promise<WebhookServices> {
  const guard = createReceiverGuard(config.webhookPrivateReceivers)
  const messages = new WebhookMessages(`urn:uuid:${await readSharedSetting(database.kysely, 'installation', randomUUID())}`)
  const services = { store: new WebhookStore(database), messages, refusalOf: guard.refusalOf }
  if (config.role === 'api') return services
  const nameOf = ({ id, url }: ClaimedWebhook) => ({ webhook: id, receiver: new URL(url).host })
  const deliverer = startWebhookDeliverer({
    queue: createWebhookQueue(database),
    log: eventLog,
    sender: opening.use(openWebhookSender(guard)),
    createMessage: (event, format) => messages.ofEvent(event, format),
    random: Math.random,
    onTried(webhook, { message, answer: { status, error }, retryInMs }) {
      if (error !== null) operatorLog.webhookFailed({ ...nameOf(webhook), message: message.id, status, reason: error, retryInMs })
    },
    onDisabled: (webhook) => operatorLog.webhookDisabled(nameOf(webhook)),
    onGap: (webhook) => operatorLog.webhookMissedEvents(nameOf(webhook)),
    onError: (error) => operatorLog.webhookTrouble({ error }),
  })
  opening.use(await deliverer)
  return services
}
