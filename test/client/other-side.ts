import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What a scripted server answers. `'cut'` breaks the connection. */
export type ScriptedAnswer = { status?: number; headers?: Record<string, string>; body?: unknown } | 'cut'

/** A server in whose place the test speaks: it keeps what it was asked and answers as `script` says. */
export interface OtherSide extends AsyncDisposable {
  readonly url: string
  readonly seen: SeenRequest[]
}

/** Starts such a server on a free port. */
export async function startOtherSide(script: (request: SeenRequest, index: number) => ScriptedAnswer): Promise<OtherSide> {
  const seen: SeenRequest[] = []
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const { method = '', url = '', headers } = incoming
    const request = { method, url, headers, body: Buffer.concat(chunks).toString() }
    seen.push(request)
    answer(response, script(request, seen.length - 1))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function answer(response: ServerResponse, scripted: ScriptedAnswer): void {
  if (scripted === 'cut') {
    response.destroy()
    return
  }
  const { status = 200, headers = {}, body } = scripted
  response.writeHead(status, headers)
  response.end(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body))
}
