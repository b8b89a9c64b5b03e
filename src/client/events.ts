import type { Event } from '../contract/native/event.ts'
import { clientPollDelayMaxMs, clientPollDelayMs, clientPreferWaitSeconds } from '../model/client-limits.ts'
import { maxPageItems } from '../model/http-limits.ts'
import { ClientError } from './client-error.ts'
import { readJsonObject, requireText } from './json-answer.ts'
import { pause } from './pause.ts'
import type { Send } from './transport.ts'

/** Which events are wanted, from where on, and for how long. */
export interface EventOptions {
  /** The `id` of the last event that was dealt with, `oldest` for all that the server still has, or `latest` (the default) for what is to come. */
  readonly after?: string
  /** Such as `assay.asset.processed`; absent: all. */
  readonly types?: readonly string[]
  /** Folders and assets; absent: everywhere. */
  readonly paths?: readonly string[]
  /** `false`: ends with what is there now, and does not wait for more. */
  readonly follow?: boolean
  /** Ends the iteration with its reason. */
  readonly signal?: AbortSignal
}

interface FeedPage {
  readonly items: readonly Event[]
  readonly nextCursor: string
  readonly hasMore: boolean
}

/**
 * What happens on the server, in the order of its log, for as long as it is iterated (or up to now): `GET /api/v1/events`. Each event comes
 * once and none is missed, however often the connection or the server goes away meanwhile: each question names the place of the last
 * answer. To go on in another process, keep the `id` of the last event and give it as `after`.
 *
 * Rejects with a `ClientError` of status 410 where the server keeps nothing from there any more, for a credential that it does not accept,
 * and where it cannot be reached at the first time.
 */
export async function* events(
  send: Send,
  { after = 'latest', types = [], paths = [], follow = true, signal }: EventOptions = {},
): AsyncGenerator<Event, void> {
  const filter = [...types.map((type) => ['type', type]), ...paths.map((path) => ['path', path])] as [string, string][]
  const ask = (cursor: string, headers: Readonly<Record<string, string>>) => {
    const target = `/api/v1/events?${new URLSearchParams([['after', cursor], ['limit', String(maxPageItems)], ...filter])}`
    return send({ method: 'GET', target, headers, repeatable: true, signal }, readPage)
  }
  // Not held: while it were, the place that `latest` means would be known to nobody.
  let page = await ask(after, {})
  for (let delayMs = clientPollDelayMs; ; ) {
    yield* page.items
    if (!follow && !page.hasMore) return
    try {
      page = await ask(page.nextCursor, follow ? { prefer: `wait=${clientPreferWaitSeconds}` } : {})
      delayMs = clientPollDelayMs
    } catch (error) {
      if (!(follow && error instanceof ClientError && (error.kind === 'unreachable' || error.kind === 'server'))) throw error
      page = { ...page, items: [] }
      await pause(delayMs, signal)
      delayMs = Math.min(delayMs * 1.5, clientPollDelayMaxMs)
    }
  }
}

async function readPage(response: Response): Promise<FeedPage> {
  const answer = await readJsonObject(response)
  const nextCursor = requireText(answer, 'nextCursor')
  if (Array.isArray(answer.items)) return { items: answer.items as Event[], nextCursor, hasMore: answer.hasMore === true }
  throw new ClientError("The server's answer has no list of events.", { kind: 'protocol', status: response.status })
}
