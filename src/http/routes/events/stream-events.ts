import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { streamBufferBytes } from '../../../model/event-limits.ts'
import { keepAliveGraceMs } from '../../../model/http-limits.ts'
import type { Authenticator } from '../../auth/authenticator.ts'
import { isAllowed } from '../../auth/identity.ts'
import { parsePosition } from '../../present/event.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { eventParameters, readAfter, readEventFilter } from './read-event-query.ts'
import { streamFrames } from './stream-frames.ts'
import { StreamPlaces } from './stream-places.ts'

const description = `Server-sent events, for \`EventSource\` and \`curl -N\`: \`data\` is one event, as in the feed, and \`id\` its position. \`Last-Event-ID\`, which
\`EventSource\` sends by itself, or \`after\` goes on after an event, at any node; without them it begins now. When the events after that one are
not kept any more, an event named \`reset\` comes first: look at the present state, and take what follows. A reader that takes nothing for half a minute is
disconnected, and may go on later from where it was.`

/** `GET /api/v1/events/stream`: events as they happen. */
export function streamEventsRoute(server: Server, services: HttpServices, authenticator: Authenticator): void {
  const places = new StreamPlaces()
  server.get(
    '/api/v1/events/stream',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['native'],
        summary: 'Follow what happens',
        description,
        querystring: Type.Object(eventParameters, { additionalProperties: false }),
        response: {
          200: { description: 'The stream.', content: { 'text/event-stream': { schema: Type.String() } } },
          400: ProblemDetails,
          429: ProblemDetails,
        },
      },
    },
    async (request, reply) => {
      const free = places.take(request.identity!.name)
      const closed = new AbortController()
      // Of the answer, not of the stream: that is closed only when what it is made of has ended, which waits for the next event.
      reply.raw.once('close', () => {
        closed.abort()
        free()
      })
      endWithServer(server.stopping, reply.raw, closed)
      const { eventLog, followEvents: follow } = services
      const order = readEventFilter(request.query)
      // Empty is what a reader has that has seen no event yet.
      const last = request.headers['last-event-id'] || undefined
      const after = last === undefined ? await readAfter(eventLog, request.query.after ?? 'latest') : parsePosition(String(last))
      const frames = streamFrames({
        follow,
        after,
        order,
        signal: closed.signal,
        bounds: eventLog.bounds,
        async isAllowed() {
          const identity = await authenticator.authenticate(request.headers.authorization ?? '', request.ip)
          return identity !== null && isAllowed(identity, 'read')
        },
        onSlow() {
          request.log.info({ event: 'slow-stream-ended', address: request.ip }, 'a reader of events takes nothing any more')
          stream.destroy()
        },
      })
      const stream = Readable.from(frames, { objectMode: false, highWaterMark: streamBufferBytes })
      // Proxies such as nginx would hold the events back, and those that compress would gather them. The connection ends with the stream:
      // an idle one would hold up the end of the server.
      reply
        .headers({ 'x-accel-buffering': 'no', 'cache-control': 'no-store, no-transform', connection: 'close' })
        .type('text/event-stream; charset=utf-8')
      return reply.send(stream as never)
    },
  )
}

/** When the server stops, the stream gets some time to end; who takes nothing would not take its end either. */
function endWithServer(stopping: AbortSignal, response: ServerResponse, closed: AbortController): void {
  let grace: NodeJS.Timeout | undefined
  const stop = () => {
    closed.abort()
    grace = setTimeout(() => response.destroy(), keepAliveGraceMs)
  }
  stopping.addEventListener('abort', stop)
  response.once('close', () => {
    stopping.removeEventListener('abort', stop)
    clearTimeout(grace)
  })
}
