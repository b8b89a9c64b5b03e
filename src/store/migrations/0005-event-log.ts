import { type Kysely, sql } from 'kysely'
import { eventLockKeys } from '../event-locks.ts'

/**
 * The log of events. Readers go by `seq`, which on a server is not the order of commits: see `docs/decisions/0013-order-of-events.md`. The
 * trigger shows, before the first number of a statement is drawn, below which number nothing of its transaction will come, until that is
 * over; and it wakes the readers. So a writer has nothing to do but to insert. The events before were read by nobody.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  'drop table assay.event',
  // The widths fall in place without padding.
  `create table assay.event (
    seq bigint generated always as identity primary key,
    at timestamptz not null default now(),
    type smallint not null,
    status smallint,
    revision integer,
    actor text,
    subject text,
    path text collate "C",
    source text collate "C",
    detail text
  )`,
  // Of a fresh sequence the last value is one that nobody has drawn yet.
  `select nextval('assay.event_seq_seq')`,
  `create function assay.announce_events() returns trigger language plpgsql as $$
  begin
    perform pg_advisory_xact_lock_shared(${eventLockKeys.first} + last_value), pg_notify('assay_event', '') from assay.event_seq_seq;
    return null;
  end $$`,
  'create trigger event_announced before insert on assay.event for each statement execute function assay.announce_events()',
]
