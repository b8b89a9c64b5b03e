import type { EventLog } from '../processing/event-log.ts'
import type { DatabaseConnection } from './database.ts'
import { findEventHolder } from './queries/find-event-holder.ts'
import { pruneChanges, pruneEvents } from './queries/prune-events.ts'
import { readEventBounds, readEvents } from './queries/read-events.ts'

/** Told by the trigger of the table when a transaction that wrote events is committed. */
const channel = 'assay_event'

/** The log of events in the database. One LISTEN for all who watch it in this process. */
export async function openEventLog(database: DatabaseConnection): Promise<EventLog & AsyncDisposable> {
  const watchers = new Set<() => void>()
  const wake = () => {
    for (const onWritten of watchers) onWritten()
  }
  const stopListening = await database.listen(channel, wake, wake)
  return {
    read: (query) => readEvents(database.kysely, query),
    bounds: () => readEventBounds(database.kysely),
    watch(onWritten) {
      watchers.add(onWritten)
      return () => watchers.delete(onWritten)
    },
    holder: (ageMs) => findEventHolder(database.kysely, ageMs),
    prune: (ageMs, limit) => pruneEvents(database.kysely, ageMs, limit),
    pruneChanges: (ageMs, limit) => pruneChanges(database.kysely, ageMs, limit),
    [Symbol.asyncDispose]: stopListening,
  }
}
