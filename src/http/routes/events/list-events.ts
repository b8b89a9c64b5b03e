import { Readable } from 'node:stream'
import { type Static, Type } from 'typebox'
import { type Event, EventFeed } from '../../../contract/native/event.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { eventsPerRun } from '../../../model/event-limits.ts'
import { defaultPageItems, maxPageItems } from '../../../model/http-limits.ts'
import { type EventPage, EventPositionLostError, type EventQuery } from '../../../processing/event-log.ts'
import { presentEvent, presentPosition } from '../../present/event.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { waitSignal } from '../../wait-signal.ts'
import { preferredWaitSeconds } from '../status-jobs/await-status-job.ts'
import { eventParameters, eventsGone, readAfter, readEventFilter } from './read-event-query.ts'

const Query = Type.Object(
  { ...eventParameters, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxPageItems, default: defaultPageItems })) },
  { additionalProperties: false },
)

const description = `Events in the order of the log, which never changes. Go on with \`after\` = \`nextCursor\`: nothing is missed and nothing comes
twice. With \`Prefer: wait=n\` an answer without events is held until there is one, or n seconds have passed. With
\`Accept: application/x-ndjson\` everything up to the end of the log, one event a line. A cursor that is older than the log answers 410.`

/** `GET /api/v1/events`: the feed. */
export function listEventsRoute(server: Server, services: HttpServices): void {
  server.get(
    '/api/v1/events',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['native'],
        summary: 'Read what has happened',
        description,
        querystring: Query,
        response: { 200: EventFeed, 400: ProblemDetails, 410: ProblemDetails },
      },
    },
    async (request, reply) => {
      const isWhole = request.headers.accept?.includes('application/x-ndjson') === true
      const query = await readQuery(services, isWhole ? { ...request.query, limit: eventsPerRun } : request.query)
      let page = await readPage(services, query)
      if (isWhole) {
        return reply.type('application/x-ndjson').send(Readable.from(streamLines(services, query, page), { objectMode: false }) as never)
      }
      const seconds = preferredWaitSeconds(request)
      if (seconds !== null) {
        reply.header('preference-applied', `wait=${seconds}`)
        const signal = AbortSignal.any([waitSignal(reply), AbortSignal.timeout(seconds * 1000)])
        if (page.events.length === 0)
          page = await awaitEvents(services, { ...query, after: page.position }, signal).catch(refuseLostPosition)
      }
      return { items: page.events.map(presentEvent), nextCursor: presentPosition(page.position), hasMore: !page.isLast }
    },
  )
}

async function readQuery({ eventLog }: HttpServices, query: Static<typeof Query>): Promise<EventQuery> {
  const filter = readEventFilter(query)
  return { ...filter, after: await readAfter(eventLog, query.after ?? 'oldest'), limit: query.limit ?? defaultPageItems }
}

function readPage({ eventLog }: HttpServices, query: EventQuery): Promise<EventPage> {
  return eventLog.read(query).catch(refuseLostPosition)
}

function refuseLostPosition(error: unknown): never {
  throw error instanceof EventPositionLostError ? eventsGone(error) : error
}

/** The first wanted events that come, or none when `signal` fires. */
async function awaitEvents(services: HttpServices, query: EventQuery, signal: AbortSignal): Promise<EventPage> {
  let page: EventPage = { events: [], position: query.after, isLast: true, isHeldBack: false }
  for await (const { events, position } of services.followEvents(query, signal)) {
    const isCut = events.length > query.limit
    page = { ...page, events: events.slice(0, query.limit), position: isCut ? events[query.limit - 1]!.position : position, isLast: !isCut }
    if (events.length > 0) break
  }
  return page
}

async function* streamLines(services: HttpServices, query: EventQuery, first: EventPage): AsyncGenerator<string> {
  for (let page = first; ; page = await services.eventLog.read({ ...query, after: page.position })) {
    if (page.events.length > 0) yield `${page.events.map((event) => JSON.stringify(presentEvent(event) satisfies Event)).join('\n')}\n`
    if (page.isLast) return
  }
}
