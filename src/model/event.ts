import { covers, pathKey } from './asset-path.ts'
import type { EventType } from './event-type.ts'

/**
 * Where an event stands in the log: a growing number with gaps. What comes after a position never changes but by what is written later; 0 is
 * before everything.
 */
export type EventPosition = number

/** A finding that is told with a failure. */
export interface EventProblem {
  readonly code: string
  readonly message: string
}

/** What a type says besides; each is there only where it applies. */
export interface EventDetail {
  /** Why a `FAILURE`: the first few errors. */
  readonly problems?: readonly EventProblem[]
  /** Whether the asset was post-processed before, whatever its revision. */
  readonly again?: boolean
  /** How many assets, files or the like it was about. */
  readonly count?: number
  /** Anything else that is worth knowing, such as what a sender said of a revision, or what a token is called. */
  readonly [name: string]: unknown
}

/** How what an event tells of has ended; stored as an index. */
export const eventStatuses = ['SUCCESS', 'FAILURE'] as const
export type EventStatus = (typeof eventStatuses)[number]

/** One thing that happened, as it is recorded in the transaction that made it happen. */
export interface NewEvent {
  readonly type: EventType
  /** Who did it: `admin`, `token:<id>`, or `system`. */
  readonly actor: string
  /** The UUID of the asset, or the id of the run, status job, webhook or token. */
  readonly subject?: string | null
  readonly path?: string | null
  /** Where it was before (a move), or what it is a copy of. */
  readonly source?: string | null
  readonly revision?: number | null
  /** How that ended which ends with this event. */
  readonly status?: EventStatus | null
  readonly detail?: EventDetail | null
}

/** An event of the log. */
export interface RecordedEvent extends Required<NewEvent> {
  readonly position: EventPosition
  readonly at: Date
}

/** Which events are wanted; what is `undefined` does not narrow them. */
export interface EventFilter {
  readonly types?: readonly EventType[] | undefined
  /** Folders and assets, by their keys (`pathKey`): what happened to them, below them, or took something away from there. */
  readonly paths?: readonly string[] | undefined
}

/** Whether an event passes the filter. What is taken away from a path by a move is seen there as well. */
export function isEventWanted({ type, path, source }: RecordedEvent, { types, paths }: EventFilter): boolean {
  if (types && !types.includes(type)) return false
  if (!paths) return true
  const isMove = type === 'asset.moved' || type === 'folder.moved'
  const places = [path, isMove ? source : null].flatMap((place) => (place === null ? [] : pathKey(place)))
  return paths.some((wanted) => places.some((place) => covers(wanted, place)))
}
