/** What delivering webhooks needs from outside. `store/` and `webhooks/` implement it. */
import type { EventFilter, EventPosition } from '../../model/event.ts'
import type { WebhookFormat } from '../../model/webhook.ts'

/** What came of one try to post a message. */
export interface WebhookAnswer {
  /** HTTP status; `null`: there was no answer. */
  readonly status: number | null
  /** The beginning of the answer's body, as text. */
  readonly excerpt: string
  /** Why it failed, in a sentence for people; `null` for a 2xx. */
  readonly error: string | null
  readonly durationMs: number
  /** The wait that the receiver asked for with Retry-After; `null`: none. */
  readonly retryAfterMs: number | null
}

/** Posts a JSON body. Never rejects: what goes wrong is an answer, too. An aborted `signal` is an answer without status. */
export interface WebhookSender extends Disposable {
  post(url: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal): Promise<WebhookAnswer>
}

/** An enabled webhook that this worker delivers for, and nobody else does. */
export interface ClaimedWebhook {
  readonly id: string
  readonly url: string
  readonly format: WebhookFormat
  /** Those that are valid now; each signs. */
  readonly secrets: readonly string[]
  readonly filter: EventFilter
  /** All events up to here were tried, or are none of its business. */
  readonly position: EventPosition
  /** Whether deliveries wait whose time has come. */
  readonly isDue: boolean
}

/** A message for one webhook. */
export interface WebhookMessage {
  /** The same for every try and every receiver: `webhook-id`, and `id` of the CloudEvent. */
  readonly id: string
  /** On the wire. */
  readonly type: string
  /** Messages about the same thing are sent one after another; one with `null` waits for all before it, and all after it wait for it. */
  readonly lane: string | null
  readonly path: string | null
  /** `null`: a test, of which nothing is in the log. */
  readonly position: EventPosition | null
  readonly body: string
}

/** A message that was tried before, or is wanted again. */
export interface DueDelivery extends WebhookMessage {
  readonly delivery: number
  /** Tries of its present round that failed. */
  readonly failures: number
}

/** What a webhook has to try now. */
export interface DueDeliveries {
  readonly due: readonly DueDelivery[]
  /** Of the webhook: it is set anew when it is switched on again. */
  readonly position: EventPosition
}

/** What one try made of a message, to be written down. */
export interface TriedMessage {
  readonly message: WebhookMessage | DueDelivery
  readonly answer: WebhookAnswer
  readonly at: Date
  /** Milliseconds until it is tried again; `null`: it was delivered, or is given up. */
  readonly retryInMs: number | null
}

/** What a worker writes down of a webhook in one go. */
export interface WebhookRecord {
  readonly tried: readonly TriedMessage[]
  readonly position: EventPosition
  /** Why the receiver wants no more; `null`: it does. */
  readonly gone: string | null
}

/** What became of the webhook by it. `lost`: it is another worker's by now, or disabled, and nothing was written. */
export type RecordOutcome = 'kept' | 'disabled' | 'lost'

/** The webhooks and their deliveries as a worker sees them. Every write repeats that the webhook is still its own. */
export interface WebhookQueue {
  /** Says that the worker lives, takes over webhooks that nobody delivers for, and gives all that are its own. */
  claim(worker: string): Promise<ClaimedWebhook[]>
  /** Milliseconds after which {@link claim} has to be called again at the latest. */
  readonly claimEveryMs: number
  /** Deliveries whose time has come, in the order of their events. `null`: the webhook is not the worker's any more, or switched off. */
  readDue(worker: string, webhook: string, limit: number): Promise<DueDeliveries | null>
  record(worker: string, webhook: string, record: WebhookRecord): Promise<RecordOutcome>
  savePositions(worker: string, positions: ReadonlyMap<string, EventPosition>): Promise<void>
  /** Leaves them to others at once. */
  release(worker: string): Promise<void>
  /** Calls `onChange` when somebody has changed a webhook or wants a delivery, until the returned function is called. */
  watch(onChange: () => void): Promise<() => Promise<void>>
}
