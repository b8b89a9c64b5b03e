import http from 'node:http'
import https from 'node:https'

/**
 * `fetch` of which requests with a body of bytes go through `node:http`, which sends them from where they are. The platform's own copies them
 * twice and sends them as a stream of small pieces: some 40 µs for each 5 kB. Their answers are read whole.
 */
export const fetchWithBytes: typeof fetch = (input, init) =>
  init?.body instanceof Uint8Array ? exchange(new URL(String(input)), init, init.body) : fetch(input, init)

async function exchange(url: URL, { method, headers, signal }: RequestInit, body: Uint8Array): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>()
  const options = {
    method,
    signal: signal ?? undefined,
    headers: { ...(headers as Record<string, string>), 'content-length': body.length },
  }
  const request = (url.protocol === 'https:' ? https : http).request(url, options, resolve)
  request.on('error', reject)
  request.end(body)
  const answer = await promise
  const pieces: Uint8Array[] = []
  for await (const piece of answer) pieces.push(piece)
  // Whoever has an answer may use the memory of the body for something else: nothing more of it may be sent.
  if (!request.writableFinished) request.destroy()
  const status = answer.statusCode!
  return new Response(status === 204 || status === 304 ? null : Buffer.concat(pieces), { status, headers: headersOf(answer) })
}

function headersOf({ rawHeaders }: http.IncomingMessage): Headers {
  const headers = new Headers()
  for (let index = 0; index < rawHeaders.length; index += 2) headers.append(rawHeaders[index]!, rawHeaders[index + 1]!)
  return headers
}
