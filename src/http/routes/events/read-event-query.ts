import { Type } from 'typebox'
import { ApiError } from '../../../contract/errors.ts'
import { wireTypePrefix } from '../../../contract/native/event.ts'
import { pathKey } from '../../../model/asset-path.ts'
import type { EventFilter, EventPosition } from '../../../model/event.ts'
import { maxEventPaths } from '../../../model/event-limits.ts'
import { type EventType, publicEventTypes } from '../../../model/event-type.ts'
import type { EventLog, EventPositionLostError } from '../../../processing/event-log.ts'
import { parsePathParameter } from '../../input/path-parameter.ts'
import { parsePosition, presentPosition } from '../../present/event.ts'

/** The query parameter that narrows to some of these types. */
export function typeParameter(types: readonly EventType[]) {
  const names = Type.Enum(types.flatMap((type) => [`${wireTypePrefix}${type}` as EventType, type]))
  return Type.Optional(Type.Union([names, Type.Array(names)], { description: 'Only events of these types, with or without `assay.`.' }))
}

/** Query parameters of everything that gives events. */
export const eventParameters = {
  after: Type.Optional(
    Type.String({
      pattern: '^(\\d{1,16}|oldest|latest)$',
      description: 'Go on after this one: the `id` of an event or a `nextCursor`; or `oldest`, or `latest` for what is to come.',
    }),
  ),
  type: typeParameter(publicEventTypes),
  path: Type.Optional(
    Type.Union([Type.String(), Type.Array(Type.String(), { maxItems: maxEventPaths })], {
      description: 'Only what happened to these assets and folders, or below them.',
    }),
  ),
}

/** What of the events is wanted. What is for administrators alone is not among them, unless all are `readable`. Throws ApiError. */
export function readEventFilter(
  query: { readonly type?: string | string[]; readonly path?: string | string[] },
  readable: readonly EventType[] = publicEventTypes,
): Required<EventFilter> {
  const { type, path } = query
  const types = type === undefined ? readable : [type].flat().map((name) => name.replace(wireTypePrefix, '') as EventType)
  const paths = path === undefined ? undefined : [path].flat().map((one) => pathKey(parsePathParameter(one, '/path')))
  return { types, paths }
}

/** Where to begin. Throws ApiError. */
export async function readAfter(log: EventLog, after: string): Promise<EventPosition> {
  if (after === 'oldest') return (await log.bounds()).oldest
  if (after === 'latest') return (await log.bounds()).newest
  const position = parsePosition(after)
  if (position !== null) return position
  throw new ApiError('invalidInput', 'There is no such position in the log.', {
    errors: [{ pointer: '/after', detail: 'must be the id of an event, a nextCursor, "oldest" or "latest"' }],
  })
}

/** What to answer who asks for what is not kept any more. */
export function eventsGone({ oldest, newest }: EventPositionLostError): ApiError {
  const [from, to] = [presentPosition(oldest), presentPosition(newest)]
  return new ApiError('eventsGone', `The log has no events from there any more. It goes from ${from} to ${to}.`)
}
