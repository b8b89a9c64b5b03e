import { type Kysely, sql } from 'kysely'

/**
 * A webhook goes through the log of events by `position`; only what was tried has a row in `webhook_delivery`. `worker` delivers for it, as long
 * as its row in `webhook_worker` is not out of date. Both are written often, and leave room in their pages for it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table assay.webhook (
    id uuid primary key,
    url text not null,
    description text not null,
    format text not null,
    types text[],
    paths text[],
    secret text not null,
    previous_secret text,
    previous_secret_until timestamptz,
    enabled boolean not null,
    disabled_reason text,
    position bigint not null,
    forgotten_position bigint not null default 0,
    failing_since timestamptz,
    worker uuid,
    created_by text not null,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    constraint disabled_with_reason check (enabled = (disabled_reason is null))
  ) with (fillfactor = 50)`,
  `create table assay.webhook_worker (
    id uuid primary key,
    until timestamptz not null
  ) with (fillfactor = 50)`,
  `create table assay.webhook_delivery (
    id bigint generated always as identity primary key,
    webhook uuid not null references assay.webhook (id) on delete cascade,
    position bigint,
    message text not null,
    type text not null,
    path text,
    lane text,
    body text,
    status smallint not null check (status between 0 and 2),
    failures smallint not null default 0,
    tries jsonb not null default '[]',
    next_try_at timestamptz,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    constraint pending_has_next_try check ((status = 0) = (next_try_at is not null)),
    constraint finished_if_delivered_or_not check ((status = 0) = (finished_at is null)),
    constraint pending_has_body check (status <> 0 or body is not null),
    unique (webhook, position)
  ) with (fillfactor = 80)`,
  'create index webhook_delivery_newest on assay.webhook_delivery (webhook, id)',
  'create index webhook_delivery_due on assay.webhook_delivery (webhook, next_try_at) where status = 0',
  'create index webhook_delivery_failed on assay.webhook_delivery (webhook, finished_at) where status = 2',
]
