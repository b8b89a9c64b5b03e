import type { Transaction } from 'kysely'
import type { EventDetail, EventStatus } from '../../model/event.ts'
import { systemActor } from '../../model/event-type.ts'
import { systemRunner } from '../../model/run.ts'
import type { Schema } from '../schema-types.ts'
import { writeEvents } from './write-events.ts'

/** What happened to a run, through whom, and how it ended if it did. */
interface RunNews {
  readonly type: 'run.started' | 'run.finished' | 'run.cancelled' | 'run.resumed'
  /** As runs name them. */
  readonly by: string
  readonly status?: EventStatus
  readonly detail?: EventDetail
}

/** Records what happened to a run. */
export function tellRun(
  trx: Transaction<Schema>,
  { id, path }: { readonly id: string; readonly path: string },
  { by, ...news }: RunNews,
): Promise<void> {
  return writeEvents(trx, [{ ...news, actor: by === systemRunner ? systemActor : by, subject: id, path }])
}
