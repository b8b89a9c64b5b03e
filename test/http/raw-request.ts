import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** Sends text over a connection of its own as it stands, and gives everything that comes back until the server closes. */
export async function sendRaw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(text)
  return (await buffer(socket)).toString()
}

/** Status line, headers by lower-case name, and body of one answer. */
export function parseAnswer(answer: string): { readonly status: number; readonly headers: Map<string, string>; readonly body: string } {
  const end = answer.indexOf('\r\n\r\n')
  const [first, ...lines] = answer.slice(0, end).split('\r\n')
  const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]))
  return { status: Number(first!.split(' ')[1]), headers, body: answer.slice(end + 4) }
}
