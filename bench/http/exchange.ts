import { type Agent, request } from 'node:http'

/** What to send, over and over. */
export interface Exchange {
  readonly url: string
  readonly agent: Agent
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | number>>
  readonly body?: Uint8Array
}

/** Sends a request over a connection that is kept. Resolves with the length of the answer; rejects if that is no success. */
export function exchange({ url, agent, method = 'GET', headers = {}, body }: Exchange): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const sent = request(url, { agent, method, headers }, (response) => {
    let bytes = 0
    response.on('data', (piece: Buffer) => (bytes += piece.length))
    response.on('error', reject)
    response.on('end', () => (response.statusCode! < 300 ? resolve(bytes) : reject(new Error(`${method} ${url}: ${response.statusCode}`))))
  })
  sent.on('error', reject).end(body)
  return promise
}

/** Does work a number of times, so many at a time. */
export async function inParallel(times: number, atATime: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < times) await work(next++)
  }
  await Promise.all(Array.from({ length: atATime }, lane))
}
