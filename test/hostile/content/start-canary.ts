import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** An address and a file that exist, and that nobody may ask for. */
export interface Canary extends AsyncDisposable {
  readonly url: string
  readonly file: string
  requests(): string[]
}

/** Listens on a free port, and writes the file into the directory. */
export async function startCanary(dataDirectory: string): Promise<Canary> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    response.end('<!ENTITY leaked "leaked">')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const path = join(dataDirectory, 'canary.txt')
  await writeFile(path, 'leaked')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.dtd`,
    file: `file://${path}`,
    requests: () => requests,
    [Symbol.asyncDispose]: async () => void server.close(),
  }
}
