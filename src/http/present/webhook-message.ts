import { randomUUID } from 'node:crypto'
import { writeCloudEvent } from '../../contract/native/cloud-event.ts'
import type { RecordedEvent } from '../../model/event.ts'
import type { WebhookFormat } from '../../model/webhook.ts'
import type { WebhookMessage } from '../../processing/webhooks/ports.ts'
import { presentEvent } from './event.ts'
import { guidesTopic, presentGuidesEvent } from './guides-event.ts'

/** Makes the messages of one installation. `source` tells it from others, as CloudEvents demands: a URI. */
export class WebhookMessages {
  readonly #source: string

  constructor(source: string) {
    this.#source = source
  }

  /** The event as a CloudEvent in its JSON format; `null` where the format has no message for it. */
  ofEvent(event: RecordedEvent, format: WebhookFormat): WebhookMessage | null {
    const shown = presentEvent(event)
    const data = format === 'guides' ? presentGuidesEvent(event) : shown
    if (data === null) return null
    const type = format === 'guides' ? guidesTopic : shown.type
    const { id, time } = shown
    return {
      id,
      type,
      // An asset's events are told one after another. What is about more than one asset is told when those before it are.
      lane: event.type.startsWith('asset.') ? event.subject : null,
      path: event.path,
      position: event.position,
      body: writeCloudEvent({ id, source: this.#source, type, time, path: event.path, data }),
    }
  }

  /** What is sent to try a webhook: nothing has happened. */
  test(webhook: string, format: WebhookFormat, at = new Date()): WebhookMessage {
    const id = `test-${randomUUID()}`
    const time = at.toISOString()
    const path = '/content/dam/webhook-test.dita'
    const isGuides = format === 'guides'
    const type = isGuides ? guidesTopic : testType
    const data = isGuides
      ? { path, eventType: 'CREATE', status: 'SUCCESS', uuid: `GUID-${'0'.repeat(8)}-test` }
      : { id, type, time, webhookId: webhook, detail: { note: 'This is a test. Nothing has happened.' } }
    const about = isGuides ? path : null
    return {
      id,
      type,
      lane: id,
      path: about,
      position: null,
      body: writeCloudEvent({ id, source: this.#source, type, time, path: about, data }),
    }
  }
}

const testType = 'assay.webhook.test'
