import { type Static, Type } from 'typebox'
import { Event } from '../../../contract/native/event.ts'
import { PageOf, pageParameters } from '../../../contract/native/page.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { auditLookMs } from '../../../model/event-limits.ts'
import { allEventTypes } from '../../../model/event-type.ts'
import { defaultPageItems } from '../../../model/http-limits.ts'
import { type AuditPage, type AuditQuery, readAudit } from '../../../store/queries/read-audit.ts'
import { createCursor, readCursorAs } from '../../cursor.ts'
import { parseInstant } from '../../input/instant-parameter.ts'
import { parsePosition, presentEvent, presentPosition } from '../../present/event.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { eventParameters, readEventFilter, typeParameter } from '../events/read-event-query.ts'

const Actor = Type.String({ pattern: '^(admin|token:.+)$' })
const Query = Type.Object(
  {
    actor: Type.Optional(Type.Union([Actor, Type.Array(Actor)], { description: 'Only what these have done: `admin`, `token:<id>`.' })),
    type: typeParameter(allEventTypes),
    path: eventParameters.path,
    since: Type.Optional(Type.String({ format: 'date-time', description: 'From when on, RFC 3339.' })),
    until: Type.Optional(Type.String({ format: 'date-time', description: 'Until when, not included, RFC 3339.' })),
    order: Type.Optional(Type.Enum(['newest', 'oldest'], { default: 'newest', description: 'Which comes first.' })),
    ...pageParameters,
  },
  { additionalProperties: false },
)

const description = `Every change that was made through any interface, with who made it: what a caller did, not what Assay does by itself. Also what
the feed does not tell: changes of the path rules, and tokens that were created or revoked. Kept for a year unless \`ASSAY_AUDIT_RETENTION_DAYS\` says otherwise. A page may be empty although
there is more: go on until \`nextCursor\` is null.`

/** `GET /api/v1/audit`: who did what when. */
export function listAuditRoute(server: Server, { database }: HttpServices): void {
  server.get(
    '/api/v1/audit',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['native'],
        summary: 'Read who has changed what',
        description,
        querystring: Query,
        response: { 200: PageOf(Event), 400: ProblemDetails },
      },
    },
    async ({ query: parameters }) => {
      const query = readQuery(parameters)
      const endsAt = performance.now() + auditLookMs
      let page: AuditPage = await readAudit(database.kysely, query)
      // A filter that few pass: as many looks as there is time for.
      while (page.events.length === 0 && page.position !== null && performance.now() < endsAt) {
        page = await readAudit(database.kysely, { ...query, from: page.position })
      }
      const { events, position } = page
      return { items: events.map(presentEvent), nextCursor: position === null ? null : createCursor(presentPosition(position)) }
    },
  )
}

function readQuery(parameters: Static<typeof Query>): AuditQuery {
  const { actor, since, until, order = 'newest', cursor, limit = defaultPageItems } = parameters
  return {
    ...readEventFilter(parameters, allEventTypes),
    ...(actor !== undefined && { actors: [actor].flat() }),
    ...(since !== undefined && { since: parseInstant(since, '/since') }),
    ...(until !== undefined && { until: parseInstant(until, '/until') }),
    order,
    from: readCursorAs(cursor, parsePosition),
    limit,
  }
}
