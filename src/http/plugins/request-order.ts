import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Server } from '../server.ts'

interface Connection {
  last: ServerResponse
  /** What goes on when the connection is gone. */
  readonly waiting: Set<() => void>
}

/**
 * Requests that a client sends ahead on one connection may be handled at the same time only if all of them are safe (RFC 9112, section 9.3.2); Node hands over
 * each as it comes. So one that changes something waits for the answer to the one before, and the next waits for its answer: of two contents that are sent to one
 * path one after the other, the second stays.
 */
export function keepRequestOrder(server: Server): void {
  const connections = new WeakMap<Socket, Connection>()
  server.addHook('onRequest', ({ raw: { socket } }, { raw: response }, done) => {
    const connection = connections.get(socket)
    if (!connection) {
      connections.set(socket, connect(socket, response))
      return done()
    }
    const before = connection.last
    connection.last = response
    if (before.writableFinished || (isSafe(before) && isSafe(response))) return done()
    const goOn = () => {
      if (connection.waiting.delete(goOn)) done()
    }
    connection.waiting.add(goOn)
    before.once('close', goOn)
  })
}

/** One listener for a connection, however many requests wait: an answer whose turn never comes is never closed. */
function connect(socket: Socket, last: ServerResponse): Connection {
  const waiting = new Set<() => void>()
  socket.once('close', () => {
    for (const goOn of waiting) goOn()
  })
  return { last, waiting }
}

function isSafe({ req: { method } }: ServerResponse): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}
