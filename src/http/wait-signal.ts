import type { FastifyReply } from 'fastify'

/** Fires when nobody waits for a held answer any more: its client has left, or the server stops. */
export function waitSignal({ raw, server }: FastifyReply): AbortSignal {
  const left = new AbortController()
  if (raw.closed) left.abort()
  else raw.once('close', () => left.abort())
  return AbortSignal.any([left.signal, server.stopping])
}
