import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A message that a receiver got. */
export interface Received {
  readonly id: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly event: { readonly type: string; readonly subject?: string; readonly data: Readonly<Record<string, unknown>> }
}

/** What a receiver answers: a status, with headers perhaps; `null`: nothing at all. */
type Reply = number | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string } | null

/** A real HTTP server that takes webhooks, and tells of what it got. */
export interface Receiver extends AsyncDisposable {
  readonly url: string
  readonly received: readonly Received[]
  /** The most requests that it had at the same time. */
  readonly mostAtOnce: number
  /** Resolves when it has got so many messages, the former ones included. */
  got(count: number): Promise<readonly Received[]>
}

/** Starts one on loopback. `reply` decides on each message; without it all are taken. */
export async function startReceiver(reply: (message: Received) => Reply | Promise<Reply> = () => 204): Promise<Receiver> {
  const received: Received[] = []
  const waiters = new Set<() => void>()
  let [open, mostAtOnce] = [0, 0]
  const server = createServer(async (request, response) => {
    mostAtOnce = Math.max(mostAtOnce, ++open)
    const body = await text(request)
    const message = { id: String(request.headers['webhook-id']), headers: request.headers, body, event: JSON.parse(body) }
    received.push(message)
    for (const look of waiters) look()
    const answer = await reply(message)
    open--
    if (answer === null) return
    const { status, headers = {}, body: said = '' } = typeof answer === 'number' ? { status: answer } : answer
    response.writeHead(status, headers).end(said)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    get mostAtOnce() {
      return mostAtOnce
    },
    async got(count) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const look = () => received.length >= count && resolve()
      waiters.add(look)
      look()
      const timer = setTimeout(
        () => reject(new Error(`${received.length} of ${count} messages came: ${received.map(({ body }) => body).join('\n')}`)),
        20_000,
      )
      await promise.finally(() => clearTimeout(timer))
      waiters.delete(look)
      return received
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
