import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server in front of another one. */
export interface AdobeProxy extends AsyncDisposable {
  readonly url: string
  /** Method and path of every request, in the order of their arrival. */
  readonly seen: readonly string[]
}

/** Hands everything on, and answers `initiateUpload.json` as AEM 6.5 does, which has no direct upload: clients then use its servlet. */
export async function startWithoutDirectUpload(target: string): Promise<AdobeProxy> {
  const seen: string[] = []
  const server = createServer((incoming, answer) => {
    seen.push(`${incoming.method} ${incoming.url}`)
    if (!incoming.url!.endsWith('.initiateUpload.json')) return handOn(target, incoming, answer)
    incoming.resume().on('end', () => {
      answer.writeHead(200, { 'content-type': 'application/json' }).end('[{"fileName":"a.dita"}]')
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

function handOn(target: string, incoming: IncomingMessage, answer: ServerResponse): void {
  const { method, url, headers } = incoming
  const outgoing = request(target + url, { method: method!, headers }, (response) => {
    answer.writeHead(response.statusCode!, response.headers)
    response.pipe(answer)
  })
  outgoing.on('error', () => answer.destroy())
  incoming.pipe(outgoing)
}
