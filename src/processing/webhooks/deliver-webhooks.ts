import { randomUUID } from 'node:crypto'
import { type EventFilter, type EventPosition, isEventWanted } from '../../model/event.ts'
import {
  drainTimeoutMs,
  webhookBatchMessages,
  webhookCursorSaveMs,
  webhookPollMs,
  webhookRestFactor,
  webhookRestMs,
} from '../../model/limits.ts'
import { type EventLog, EventPositionLostError } from '../event-log.ts'
import { type EndpointParts, EndpointQueue } from './endpoint-queue.ts'
import type { WebhookQueue } from './ports.ts'
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
  const worker = randomUUID()
  const queues = new Map<string, EndpointQueue>()
  const stopping = new AbortController()
  const aborting = new AbortController()
  const saved = new Map<string, EventPosition>()
  let savedAt = performance.now()

  async function claim(): Promise<void> {
    const mine = new Map((await queue.claim(worker)).map((webhook) => [webhook.id, webhook]))
    for (const [id, endpoint] of queues) {
      if (mine.has(id) && endpoint.isHeld) continue
      endpoint.drop()
      queues.delete(id)
    }
    for (const webhook of mine.values()) {
      const endpoint = queues.get(webhook.id)
      if (endpoint) endpoint.update(webhook)
      else take(webhook)
    }
    if (performance.now() - savedAt >= webhookCursorSaveMs) await savePositions()
  }

  function take(webhook: EndpointQueue['webhook']): void {
    const endpointParts = { ...parts, worker, onIdle: () => looking.poke() }
    const endpoint = new EndpointQueue(webhook, endpointParts, stopping.signal, aborting.signal)
    queues.set(webhook.id, endpoint)
    saved.set(webhook.id, webhook.position)
    endpoint.wake()
  }

  /** Only those that moved without a delivery, which would have stored their position. */
  async function savePositions(): Promise<void> {
    const moved = new Map<string, EventPosition>()
    for (const [id, { position }] of queues) if (position > (saved.get(id) ?? 0)) moved.set(id, position)
    if (moved.size > 0) await queue.savePositions(worker, moved)
    for (const [id, position] of moved) saved.set(id, position)
    savedAt = performance.now()
  }

  async function look(): Promise<void> {
    const waiting = [...queues.values()].filter(({ isIdle }) => isIdle)
    if (waiting.length === 0) return
    const after = Math.min(...waiting.map(({ position }) => position))
    const filter = unionOf(waiting.map(({ webhook }) => webhook.filter))
    const page = await log.read({ ...filter, after, limit: webhookBatchMessages }).catch((error) => {
      if (!(error instanceof EventPositionLostError)) throw error
      for (const endpoint of waiting) endpoint.wake()
      return null
    })
    if (page === null) return
    for (const endpoint of waiting) {
      const { filter, position } = { ...endpoint.webhook, position: endpoint.position }
      if (page.events.some((event) => event.position > position && isEventWanted(event, filter))) endpoint.wake()
      else if (endpoint.isIdle) endpoint.advance(page.position)
    }
    if (!page.isLast || page.isHeldBack) looking.poke()
  }

  const looking = startRepeating(look, {
    everyMs: webhookPollMs,
    restMs: (tookMs) => Math.max(webhookRestMs, webhookRestFactor * tookMs),
    onError,
  })
  const claiming = startRepeating(claim, { everyMs: queue.claimEveryMs, restMs: () => webhookRestMs, onError })
  const stopWatchingLog = log.watch(() => looking.poke())
  const stopWatchingQueue = await queue.watch(() => claiming.poke())

  return {
    async [Symbol.asyncDispose]() {
      stopping.abort()
      stopWatchingLog()
      await stopWatchingQueue()
      await Promise.all([looking.stop(), claiming.stop()])
      const deadline = setTimeout(() => aborting.abort(), drainTimeoutMs)
      await Promise.all([...queues.values()].map((endpoint) => endpoint.settled()))
      clearTimeout(deadline)
      // Where the database is away, the others find out by themselves.
      await savePositions()
        .then(() => queue.release(worker))
        .catch(onError)
    },
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
