import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { Transform } from 'node:stream'

/** Stands between a client and a server and does what networks do. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number
  /**
   * Connections of now pass nothing on any more and stay open (half-open TCP). New ones work. After `serverNoticesMs` the server ends its
   * side, as its keep-alive would make it do.
   */
  freeze(serverNoticesMs?: number): void
  /** Resets the connections of now. */
  cut(): void
  /** Ends the connection that passes on this many bytes of answers, counted over all, when it has. Resolves with it. */
  cutAfter(bytes: number): Promise<void>
}

/** Forwards a free port of 127.0.0.1 to another one. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let ending: { left: number; done: () => void } | null = null
  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1')
    const pair = [client, upstream] as const
    pairs.add(pair)
    client
      .pipe(upstream)
      .pipe(new Transform({ transform: passAnswer }))
      .pipe(client)
    function passAnswer(this: Transform, chunk: Buffer, _encoding: string, next: () => void) {
      if (ending === null || chunk.length < ending.left) {
        if (ending !== null) ending.left -= chunk.length
        this.push(chunk)
        return next()
      }
      const { left, done } = ending
      ending = null
      client.end(chunk.subarray(0, left), () => client.destroy())
      done()
    }
    for (const socket of pair) {
      socket.on('error', () => {})
      socket.on('close', () => {
        for (const other of pair) other.destroy()
        pairs.delete(pair)
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const forEachSocket = (change: (socket: Socket) => void) => {
    for (const pair of pairs) for (const socket of pair) change(socket)
  }
  return {
    port: (server.address() as { port: number }).port,
    freeze(serverNoticesMs) {
      const frozen = [...pairs]
      for (const socket of frozen.flat()) socket.unpipe().pause()
      const notice = () => {
        for (const [, upstream] of frozen) upstream.destroy()
      }
      if (serverNoticesMs !== undefined) setTimeout(notice, serverNoticesMs).unref()
    },
    cut: () => forEachSocket((socket) => socket.resetAndDestroy()),
    cutAfter: (bytes) =>
      new Promise((done) => {
        ending = { left: bytes, done }
      }),
    async [Symbol.asyncDispose]() {
      server.close()
      forEachSocket((socket) => socket.destroy())
      await once(server, 'close')
    },
  }
}
