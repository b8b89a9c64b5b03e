import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

/** A server in a process of its own that says yes to everything Adobe's clients ask, at once, and keeps nothing. */
export interface Recorder extends AsyncDisposable {
  readonly url: string
  readonly authorization: string
}

export async function startRecorder(): Promise<Recorder> {
  const child = fork(fileURLToPath(import.meta.url), ['listen'])
  const [url] = (await once(child, 'message')) as [string]
  return {
    url,
    authorization: 'Basic none',
    async [Symbol.asyncDispose]() {
      child.kill()
      await once(child, 'exit')
    },
  }
}

if (process.argv[2] === 'listen') {
  const server = createServer((request, response) => {
    const pieces: Uint8Array[] = []
    request.on('data', (piece) => pieces.push(piece))
    request.on('end', () => answer(request, Buffer.concat(pieces).toString(), response))
  })
  server.listen(0, '127.0.0.1', () => process.send!(addressOf(server)))
}

function answer({ url = '', headers, method }: IncomingMessage, body: string, response: ServerResponse): void {
  if (method === 'PUT' || url.startsWith('/api/assets')) return void response.writeHead(201).end()
  const isInitiate = url.endsWith('.initiateUpload.json')
  const names = isInitiate ? new URLSearchParams(body).getAll('fileName') : []
  const file = (fileName: string) => ({
    fileName,
    uploadToken: 'token',
    uploadURIs: [`http://${headers.host}/part`],
    minPartSize: 1,
    maxPartSize: 104_857_600,
  })
  const text = isInitiate ? JSON.stringify({ completeURI: url.replace('initiate', 'complete'), files: names.map(file) }) : '{}'
  response.writeHead(isInitiate ? 201 : 200, { 'content-type': 'application/json' }).end(text)
}

function addressOf(server: ReturnType<typeof createServer>): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
