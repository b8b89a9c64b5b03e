import { Type } from 'typebox'
import { ReplayAnswer, ReplayRequest } from '../../../contract/native/webhook.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import type { WebhookFormat } from '../../../model/webhook.ts'
import { maxReplayedDeliveries } from '../../../model/webhook-limits.ts'
import { askForUntried } from '../../../processing/webhooks/ask-for-untried.ts'
import type { WebhookRow } from '../../../store/queries/create-webhook.ts'
import { findUntriedRange } from '../../../store/queries/request-deliveries.ts'
import { filterOfWebhook } from '../../../store/webhook-filter.ts'
import { parseInstant } from '../../input/instant-parameter.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { requireEnabledWebhook } from './require-webhook.ts'

/** `POST /api/v1/webhooks/{id}/replay`: has everything sent again that failed since then, or everything that was never tried. */
export function replayDeliveriesRoute(server: Server, services: HttpServices): void {
  server.post(
    '/api/v1/webhooks/:id/replay',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['native'],
        summary: 'Send again what failed, or what was never tried',
        params: Type.Object({ id: Type.String() }),
        body: ReplayRequest,
        response: { 202: ReplayAnswer, 400: ProblemDetails, 404: ProblemDetails, 409: ProblemDetails },
      },
    },
    async (request, reply) => {
      const webhook = await requireEnabledWebhook(services, request.params.id)
      const since = parseInstant(request.body.since, '/since')
      const actor = request.identity!.name
      reply.code(202)
      if (request.body.what === 'never-attempted') return replayUntried(services, webhook, since, actor)
      const replayed = await services.webhooks.store.repeatFailed(webhook.id, since, actor)
      return { replayed, more: replayed === maxReplayedDeliveries }
    },
  )
}

async function replayUntried({ database, eventLog: log, webhooks }: HttpServices, webhook: WebhookRow, since: Date, actor: string) {
  const { messages, store } = webhooks
  const range = await findUntriedRange(database.kysely, webhook.id, since)
  const format = webhook.format as WebhookFormat
  const parts = {
    log,
    createMessage: (event: Parameters<typeof messages.ofEvent>[0]) => messages.ofEvent(event, format),
    add: (missed: Parameters<typeof store.askFor>[1]) => store.askFor(webhook.id, missed, actor),
  }
  const { asked, more } = await askForUntried(parts, { filter: filterOfWebhook(webhook), ...range }, maxReplayedDeliveries)
  return { replayed: asked, more }
}
