import { randomUUID } from 'node:crypto'
import { type EventFilter, type EventPosition, isEventWanted } from '../../model/event.ts'
import { drainTimeoutMs } from '../../model/http-limits.ts'
import { webhookBatchMessages, webhookCursorSaveMs, webhookPollMs, webhookRestMs } from '../../model/webhook-limits.ts'
import { webhookLookRest } from '../../model/webhook-retries.ts'
import { type EventLog, EventPositionLostError } from '../event-log.ts'
import { type EndpointParts, EndpointQueue } from './endpoint-queue.ts'
import type { ClaimedWebhook, WebhookQueue } from './ports.ts'
import { startRepeating } from './repeating.ts'

/** What delivering needs, and whom it tells. */
export interface DelivererParts extends Omit<EndpointParts, 'worker' | 'queue' | 'log' | 'onIdle'> {
  readonly queue: WebhookQueue
  readonly log: EventLog
}

/**
 * Delivers to all webhooks that no other worker delivers to, until it is disposed of: then what is under way may end for `drainTimeoutMs`,
 * and others take over at once.
 *
 * Two things go round: claiming says that this worker lives and learns which webhooks are its own; looking reads what is new in the log, once
 * for all webhooks that wait for something. So events that nobody wants cost one query for all, at most every `webhookRestMs`.
 */
export async function startWebhookDeliverer(parts: DelivererParts): Promise<AsyncDisposable> {
  const { queue, log, onError } = parts
  let onChange = () => {}
  const stopWatchingQueue = await queue.watch(() => onChange())
  const deliverer = new Deliverer(parts, () => looking.poke())
  const looking = startRepeating(() => deliverer.look(), { everyMs: webhookPollMs, restMs: webhookLookRest, onError })
  const claiming = startRepeating(() => deliverer.claim(), { everyMs: queue.claimEveryMs, restMs: () => webhookRestMs, onError })
  const stopWatchingLog = log.watch(() => looking.poke())
  onChange = () => claiming.poke()
  return {
    async [Symbol.asyncDispose]() {
      deliverer.beginNoMore()
      stopWatchingLog()
      await stopWatchingQueue()
      await Promise.all([looking.stop(), claiming.stop()])
      await deliverer.end()
    },
  }
}

class Deliverer {
  readonly #worker = randomUUID()
  readonly #parts: DelivererParts
  readonly #queues = new Map<string, EndpointQueue>()
  readonly #stopping = new AbortController()
  readonly #aborting = new AbortController()
  /** Positions as they are stored, as far as that was done here. */
  readonly #saved = new Map<string, EventPosition>()
  #savedAt = performance.now()
  readonly #lookAgain: () => void

  constructor(parts: DelivererParts, lookAgain: () => void) {
    this.#parts = parts
    this.#lookAgain = lookAgain
  }

  async claim(): Promise<void> {
    const mine = new Map((await this.#parts.queue.claim(this.#worker)).map((webhook) => [webhook.id, webhook]))
    for (const [id, endpoint] of this.#queues) {
      if (mine.has(id) && endpoint.isHeld) continue
      endpoint.drop()
      this.#queues.delete(id)
      this.#saved.delete(id)
    }
    for (const webhook of mine.values()) {
      const endpoint = this.#queues.get(webhook.id)
      if (endpoint) endpoint.update(webhook)
      else this.#take(webhook)
    }
    if (performance.now() - this.#savedAt >= webhookCursorSaveMs) await this.#savePositions()
  }

  async look(): Promise<void> {
    const waiting = [...this.#queues.values()].filter(({ isIdle }) => isIdle)
    if (waiting.length === 0) return
    const after = Math.min(...waiting.map(({ position }) => position))
    const filter = unionOf(waiting.map(({ webhook }) => webhook.filter))
    const page = await this.#parts.log.read({ ...filter, after, limit: webhookBatchMessages }).catch((error) => {
      if (!(error instanceof EventPositionLostError)) throw error
      for (const endpoint of waiting) endpoint.wake()
      return null
    })
    if (page === null) return
    for (const endpoint of waiting) {
      const isWanted = page.events.some((event) => event.position > endpoint.position && isEventWanted(event, endpoint.webhook.filter))
      if (isWanted) endpoint.wake()
      else if (endpoint.isIdle) endpoint.advance(page.position)
    }
    if (!page.isLast || page.isHeldBack) this.#lookAgain()
  }

  beginNoMore(): void {
    this.#stopping.abort()
  }

  async end(): Promise<void> {
    const deadline = setTimeout(() => this.#aborting.abort(), drainTimeoutMs)
    await Promise.all([...this.#queues.values()].map((endpoint) => endpoint.settled()))
    clearTimeout(deadline)
    // Where the database is away, the others find out by themselves.
    await this.#savePositions()
      .then(() => this.#parts.queue.release(this.#worker))
      .catch(this.#parts.onError)
  }

  #take(webhook: ClaimedWebhook): void {
    const parts = { ...this.#parts, worker: this.#worker, onIdle: this.#lookAgain }
    const endpoint = new EndpointQueue(webhook, parts, this.#stopping.signal, this.#aborting.signal)
    this.#queues.set(webhook.id, endpoint)
    this.#saved.set(webhook.id, webhook.position)
    endpoint.wake()
  }

  /** A delivery stores the position by itself; this is for those that moved because there was nothing for them. */
  async #savePositions(): Promise<void> {
    const moved = new Map<string, EventPosition>()
    for (const [id, { position }] of this.#queues) if (position > (this.#saved.get(id) ?? 0)) moved.set(id, position)
    if (moved.size > 0) await this.#parts.queue.savePositions(this.#worker, moved)
    for (const [id, position] of moved) this.#saved.set(id, position)
    this.#savedAt = performance.now()
  }
}

/** What at least one of them wants, and perhaps more. */
function unionOf(filters: readonly EventFilter[]): EventFilter {
  const types = filters.flatMap((filter) => filter.types ?? [])
  const paths = filters.flatMap((filter) => filter.paths ?? [])
  return {
    ...(filters.every((filter) => filter.types) && { types: [...new Set(types)] }),
    ...(filters.every((filter) => filter.paths) && { paths }),
  }
}
