import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** Opens a connection on which a test writes what no HTTP client would send. */
export async function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  return socket
}

/** Sends a request exactly as written, its lines joined with CRLF, and reads the answer until the server closes. */
export async function rawRequest(url: string, head: readonly string[], body: string | Uint8Array = ''): Promise<RawAnswer> {
  const socket = await openSocket(url)
  const pieces: Buffer[] = []
  // What was answered counts also where the server closes before it has taken the whole body.
  socket.on('error', () => {}).on('data', (piece: Buffer) => pieces.push(piece))
  const { promise: closed, resolve } = Promise.withResolvers<unknown>()
  socket.on('close', resolve)
  socket.write(`${[...head, `Host: ${new URL(url).host}`, 'Connection: close', '', ''].join('\r\n')}`)
  socket.write(body)
  await closed
  return parseAnswer(Buffer.concat(pieces))
}

/** The first answer in what was read from a connection; chunked bodies are left as they are. */
export function parseAnswer(bytes: Buffer): RawAnswer {
  const end = bytes.indexOf('\r\n\r\n')
  const [statusLine = '', ...fields] = bytes.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n')
  const headers = fields.map((field) => {
    const colon = field.indexOf(':')
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const
  })
  return { status: Number(statusLine.split(' ')[1] ?? 0), headers: new Map(headers), body: bytes.subarray(end + 4).toString() }
}
