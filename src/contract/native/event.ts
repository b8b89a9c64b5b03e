import { type Static, Type } from 'typebox'
import { publicEventTypes } from '../../model/event-type.ts'

/** The name of a type on the wire. */
export const wireTypePrefix = 'assay.'

/**
 * One thing that happened. The same in the feed, in the stream and as the `data` of the CloudEvent that a webhook gets. What does not apply is
 * not there.
 */
export const Event = Type.Object({
  id: Type.String({
    description: 'Where the event stands in the log: a later event has a greater id, compared as text. Otherwise opaque.',
  }),
  type: Type.String({
    description: publicEventTypes.map((type) => `\`${wireTypePrefix}${type}\``).join(', '),
    examples: ['assay.asset.processed'],
  }),
  time: Type.String({ format: 'date-time', description: 'RFC 3339, UTC.' }),
  actor: Type.String({ description: 'Who did it: `admin`, `token:<id>`, or `system` for what Assay does by itself.' }),
  path: Type.Optional(Type.String({ description: 'Of the asset or folder.' })),
  formerPath: Type.Optional(Type.String({ description: 'Of what was moved: where it was before.' })),
  copiedFrom: Type.Optional(Type.String({ description: 'Of what is a copy: what it is a copy of.' })),
  uuid: Type.Optional(Type.String({ description: 'Of the asset.' })),
  revision: Type.Optional(Type.Integer({ description: 'Of the asset.' })),
  jobId: Type.Optional(Type.String({ description: 'Of the status job.' })),
  runId: Type.Optional(Type.String({ description: 'Of the processing run.' })),
  webhookId: Type.Optional(Type.String()),
  tokenId: Type.Optional(Type.String()),
  status: Type.Optional(Type.Enum(['SUCCESS', 'FAILURE'], { description: 'How that ended which ends with this event.' })),
  problems: Type.Optional(
    Type.Array(Type.Object({ code: Type.String(), message: Type.String() }), {
      description: 'Why a FAILURE: the first few errors. The asset itself has all, with their places.',
    }),
  ),
  detail: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Whatever else is known.' })),
})
export type Event = Static<typeof Event>

/** A part of the feed. The log never ends, so there is always a `nextCursor`. */
export const EventFeed = Type.Object({
  items: Type.Array(Event),
  nextCursor: Type.String({ description: 'Go on with `after` = this one, also when there are no items.' }),
  hasMore: Type.Boolean({ description: 'Whether there is more to read at once.' }),
})
export type EventFeed = Static<typeof EventFeed>

/** The event of AEM Guides, with its own names and values: FAILED where the status API says FAILURE, `errorMsg` only then. */
export const GuidesEvent = Type.Object({
  path: Type.String(),
  eventType: Type.Enum(['CREATE', 'MODIFY']),
  status: Type.Enum(['SUCCESS', 'FAILED']),
  errorMsg: Type.Optional(Type.String()),
  uuid: Type.Optional(Type.String()),
})
export type GuidesEvent = Static<typeof GuidesEvent>
