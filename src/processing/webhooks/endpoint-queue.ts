import type { EventPosition, RecordedEvent } from '../../model/event.ts'
import type { WebhookFormat } from '../../model/webhook.ts'
import {
  webhookBatchMessages,
  webhookConcurrency,
  webhookFailuresBeforePause,
  webhookPauseMaxMs,
  webhookPauseMs,
  webhookRetryAfterMaxMs,
} from '../../model/webhook-limits.ts'
import { webhookRetryDelay } from '../../model/webhook-retries.ts'
import { webhookHeaders } from '../../model/webhook-signature.ts'
import { type EventLog, EventPositionLostError } from '../event-log.ts'
import { inLanes } from './in-lanes.ts'
import type { ClaimedWebhook, DueDelivery, TriedMessage, WebhookMessage, WebhookQueue, WebhookSender } from './ports.ts'

/** What the queue of an endpoint works with. */
export interface EndpointParts {
  readonly worker: string
  readonly queue: Pick<WebhookQueue, 'readDue' | 'record'>
  readonly log: Pick<EventLog, 'read'>
  readonly sender: WebhookSender
  /** `null`: events of that type have no message in this format. */
  createMessage(event: RecordedEvent, format: WebhookFormat): WebhookMessage | null
  /** From 0 to 1. */
  random(): number
  onTried(webhook: ClaimedWebhook, tried: TriedMessage): void
  onDisabled(webhook: ClaimedWebhook): void
  /** Events that the webhook has not seen yet are not kept any more. */
  onGap(webhook: ClaimedWebhook): void
  onError(error: unknown): void
  /** Nothing is to be done any more until something new happens. */
  onIdle(): void
}

/** What the receiver answers when it wants no more, ever. */
const gone = 410

/**
 * The queue of one webhook: sends what its events ask for, in their order, what failed when its time has come, and writes down what came of
 * it. Each webhook has one of its own, so that a receiver that is slow or dead is waited for by nobody else.
 *
 * A receiver that fails again and again is given one message at a time, with longer and longer rests. The events after it wait in the log,
 * where they cost nothing, and not as deliveries that have failed.
 */
export class EndpointQueue {
  #webhook: ClaimedWebhook
  readonly #parts: EndpointParts
  readonly #stopping: AbortSignal
  readonly #aborting: AbortSignal
  #position: EventPosition
  #running: Promise<void> | null = null
  #isHeld = true
  /** Failures since the last delivery. */
  #failures = 0
  #pauses = 0
  /** Until then no message is sent that was never tried. */
  #pausedUntil = 0
  /** Until then nothing is sent: the receiver asked for it. */
  #restUntil = 0
  /** There may be events after the position. */
  #mayHaveMore = true

  /** `stopping`: begin no more. `aborting`: break off what is under way; it is not written down, and sent again by whoever is next. */
  constructor(webhook: ClaimedWebhook, parts: EndpointParts, stopping: AbortSignal, aborting: AbortSignal) {
    this.#webhook = webhook
    this.#position = webhook.position
    this.#parts = parts
    this.#stopping = stopping
    this.#aborting = aborting
  }

  get webhook(): ClaimedWebhook {
    return this.#webhook
  }

  get position(): EventPosition {
    return this.#position
  }

  /** `false`: it is another worker's by now, or disabled, or what it did could not be written down. */
  get isHeld(): boolean {
    return this.#isHeld
  }

  /** It has seen the log up to its position, and waits for what comes after it. */
  get isIdle(): boolean {
    return this.#isHeld && this.#running === null && !this.#mayHaveMore
  }

  /** Takes over what has changed in the webhook, and goes on if there is something to do now. */
  update(webhook: ClaimedWebhook): void {
    // Another receiver has not failed yet, and has asked for nothing.
    if (webhook.url !== this.#webhook.url) this.#failures = this.#pauses = this.#pausedUntil = this.#restUntil = 0
    this.#webhook = webhook
    if (webhook.isDue || (this.#mayHaveMore && performance.now() >= this.#pausedUntil)) this.wake()
  }

  /** There is something after the position, or a delivery whose time has come. */
  wake(): void {
    this.#mayHaveMore = true
    if (this.#running || !this.#mayGoOn()) return
    this.#running = this.#run()
      .catch(this.#parts.onError)
      .finally(() => {
        this.#running = null
        this.#parts.onIdle()
      })
  }

  /** Nothing that it wants stands before `position`. */
  advance(position: EventPosition): void {
    this.#position = Math.max(this.#position, position)
  }

  /** Nothing more may be sent or written: see {@link isHeld}. */
  drop(): void {
    this.#isHeld = false
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#mayGoOn()) {
      if (await this.#deliverDue()) continue
      if (performance.now() < this.#pausedUntil) return
      if (!(await this.#deliverNext())) return
    }
  }

  /** What is to be tried again. `false`: nothing now. */
  async #deliverDue(): Promise<boolean> {
    const { queue, worker } = this.#parts
    const found = await queue.readDue(worker, this.#webhook.id, this.#isFailing ? 1 : webhookBatchMessages)
    if (!found) {
      this.drop()
      return true
    }
    const { due, position } = found
    this.advance(position)
    if (due.length > 0) await this.#deliver(due, () => this.#mayGoOn())
    return due.length > 0
  }

  /** The next events of the log. `false`: there are no more. */
  async #deliverNext(): Promise<boolean> {
    const { filter, format } = this.#webhook
    const after = this.#position
    const page = await this.#parts.log.read({ ...filter, after, limit: this.#isFailing ? 1 : webhookBatchMessages }).catch((error) => {
      if (!(error instanceof EventPositionLostError)) throw error
      this.#parts.onGap(this.#webhook)
      this.#position = error.oldest < after ? error.newest : error.oldest
      return null
    })
    if (page === null) return true
    const messages = page.events.flatMap((event) => this.#parts.createMessage(event, format) ?? [])
    if (await this.#deliver(messages, () => this.#mayGoOn() && performance.now() >= this.#pausedUntil)) this.advance(page.position)
    this.#mayHaveMore = !page.isLast || this.#position < page.position
    return this.#mayHaveMore
  }

  /** Gives `true` when all of them were tried and that is written down. */
  async #deliver(messages: readonly (WebhookMessage | DueDelivery)[], mayGoOn: () => boolean): Promise<boolean> {
    const unwritten: TriedMessage[] = []
    const done = new Set<WebhookMessage>()
    let writing = Promise.resolve()
    const write = async () => {
      if (unwritten.length > 0) await this.#record(unwritten.splice(0), positionReached(messages, done, this.#position))
    }
    const task = async (message: WebhookMessage | DueDelivery) => {
      const tried = await this.#try(message)
      if (tried === null) return
      unwritten.push(tried)
      done.add(message)
      // What is tried while one record is written goes into the next.
      writing = writing.then(write)
      writing.catch(() => this.drop())
    }
    await inLanes(messages, task, () => (this.#isFailing ? 1 : webhookConcurrency), mayGoOn)
    await writing
    return this.#isHeld && done.size === messages.length
  }

  /** `null`: it was broken off. */
  async #try(message: WebhookMessage | DueDelivery): Promise<TriedMessage | null> {
    const at = new Date()
    const { id, body } = message
    const signed = webhookHeaders({ id, timestamp: Math.floor(at.getTime() / 1000), body }, this.#webhook.secrets)
    const headers = { 'user-agent': 'Assay-Webhooks', ...signed }
    const answer = await this.#parts.sender.post(this.#webhook.url, headers, body, this.#aborting)
    if (answer.status === null && this.#aborting.aborted) return null
    this.#judge(answer.error === null, answer.retryAfterMs)
    const failures = 'failures' in message ? message.failures : 0
    const isRetried = answer.error !== null && message.position !== null
    const retryInMs = isRetried ? webhookRetryDelay(failures + 1, answer.retryAfterMs, this.#parts.random()) : null
    const tried = { message, answer, at, retryInMs }
    this.#parts.onTried(this.#webhook, tried)
    return tried
  }

  #judge(isDelivered: boolean, retryAfterMs: number | null): void {
    const now = performance.now()
    if (retryAfterMs !== null) this.#restUntil = now + Math.min(retryAfterMs, webhookRetryAfterMaxMs)
    this.#failures = isDelivered ? 0 : this.#failures + 1
    if (isDelivered) this.#pauses = this.#pausedUntil = 0
    else if (this.#isFailing) this.#pausedUntil = now + Math.min(webhookPauseMs * 2 ** this.#pauses++, webhookPauseMaxMs)
  }

  async #record(tried: readonly TriedMessage[], position: EventPosition): Promise<void> {
    if (!this.#isHeld) return
    const refusal = tried.some(({ answer }) => answer.status === gone) ? 'The receiver answered 410: it wants no more messages.' : null
    const outcome = await this.#parts.queue.record(this.#parts.worker, this.#webhook.id, { tried, position, gone: refusal })
    if (outcome === 'kept') return this.advance(position)
    this.drop()
    if (outcome === 'disabled') this.#parts.onDisabled(this.#webhook)
  }

  get #isFailing(): boolean {
    return this.#failures >= webhookFailuresBeforePause
  }

  #mayGoOn(): boolean {
    return this.#isHeld && !this.#stopping.aborted && performance.now() >= this.#restUntil
  }
}

/** The position of the last message before which all are done. Those that were tried before stand behind `position` anyway. */
function positionReached(messages: readonly WebhookMessage[], done: ReadonlySet<WebhookMessage>, position: EventPosition): EventPosition {
  let reached = position
  for (const message of messages) {
    if (!done.has(message)) break
    reached = Math.max(reached, message.position ?? 0)
  }
  return reached
}
