import { connect, type Socket } from 'node:net'
import { statusAddress } from '../../support/assay-api.ts'
import type { AssayServer } from '../../support/assay-server.ts'

const dripMs = 1000
const othersPauseMs = 10
/** The longest time-out is 60 s, and is looked at every 2 s. */
const patienceMs = 75_000

export interface SlowClients {
  /** When the last of them was closed. */
  readonly lastClosedMs: number
  readonly stillOpen: number
  /** Of requests that others made meanwhile. */
  readonly othersP99Ms: number
  readonly others: number
}

/** Holds `count` connections, half of which never finish their headers and half their body, while others ask as usual. */
export async function holdSlowClients(server: AssayServer, count: number): Promise<SlowClients> {
  const { hostname, port } = new URL(server.url)
  const startedAt = performance.now()
  const closedMs: number[] = []
  const sockets = Array.from({ length: count }, (_, index) => {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {}).on('close', () => closedMs.push(performance.now() - startedAt))
    socket.resume()
    socket.write(index % 2 === 0 ? 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ' : slowBody(server))
    return socket
  })
  const dripping = setInterval(() => drip(sockets), dripMs)
  const latencies: number[] = []
  while (closedMs.length < count && performance.now() - startedAt < patienceMs) {
    const askedAt = performance.now()
    await (await fetch(`${server.url}${statusAddress}?jobId=none`, { headers: { authorization: server.authorization } })).text()
    latencies.push(performance.now() - askedAt)
    await new Promise((resolve) => setTimeout(resolve, othersPauseMs))
  }
  clearInterval(dripping)
  const stillOpen = count - closedMs.length
  for (const socket of sockets) socket.destroy()
  latencies.sort((a, b) => a - b)
  return {
    lastClosedMs: Math.max(0, ...closedMs),
    stillOpen,
    othersP99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
    others: latencies.length,
  }
}

function slowBody({ authorization }: AssayServer): string {
  return `POST ${statusAddress} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n`
}

function drip(sockets: readonly Socket[]): void {
  for (const socket of sockets) if (!socket.destroyed) socket.write(' ')
}
