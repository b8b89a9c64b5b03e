import { type Kysely, sql } from 'kysely'
import { eventStatuses, type NewEvent } from '../../model/event.ts'
import { eventTypes, systemActor } from '../../model/event-type.ts'
import type { Schema } from '../schema-types.ts'

/** Records events in the transaction that makes them happen. Statements that change many assets insert theirs themselves. */
export async function writeEvents(trx: Kysely<Schema>, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return
  const rows = events.map(({ type, actor, subject = null, path = null, source = null, revision = null, status = null, detail = null }) => ({
    type: eventTypes[type],
    status: status && eventStatuses.indexOf(status),
    revision,
    actor: actor === systemActor ? null : actor,
    subject,
    path,
    source,
    detail: detail && JSON.stringify(detail),
  }))
  await sql`
    insert into assay.event (type, status, revision, actor, subject, path, source, detail)
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as i(type smallint, status smallint, revision integer, actor text,
      subject text, path text, source text, detail text)`.execute(trx)
}
