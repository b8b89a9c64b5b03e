import { type Kysely, sql } from 'kysely'

/**
 * Processing runs. The assets of a batch are arrays in one row: a row for each asset would cost some 20 µs of the thousand that its processing
 * takes, and 250 MB for a million.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table assay.run (
    id uuid primary key,
    seq bigint generated always as identity unique,
    status smallint not null default 0 check (status between 0 and 4),
    path text not null,
    excluded text[] not null,
    types smallint[],
    created_from_ms bigint,
    created_to_ms bigint,
    selection smallint not null check (selection between 0 and 2),
    received_before timestamptz not null,
    created_by text not null,
    idempotency_key text,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,
    turn integer not null default 0,
    total integer,
    taken integer not null default 0,
    succeeded integer not null default 0,
    failed integer not null default 0,
    replaced integer not null default 0,
    deleted integer not null default 0,
    all_taken boolean not null default false,
    last_path text collate "C" not null default '',
    batches integer not null default 0,
    first_open_batch integer not null default 0,
    log_lines integer not null default 0,
    marks text not null default '[]',
    error text,
    constraint run_finished_if_final check ((finished_at is not null) = (status in (2, 3, 4))),
    constraint run_begun_if_processing check (status not in (1, 2) or started_at is not null),
    constraint run_failure_is_explained check (status <> 3 or error is not null),
    constraint run_success_is_complete check (status <> 2 or (all_taken and taken = succeeded + failed + replaced + deleted)),
    constraint run_not_more_done_than_taken check (succeeded + failed + replaced + deleted <= taken)
  ) with (fillfactor = 50)`,
  'create unique index run_idempotency_key on assay.run (created_by, idempotency_key) where idempotency_key is not null',
  `create table assay.run_batch (
    run_id uuid not null references assay.run (id) on delete cascade,
    number integer not null,
    assets bigint[] not null,
    revisions integer[] not null,
    paths text[] not null,
    former_status smallint[] not null,
    former_settled_at timestamptz[] not null,
    outcomes text not null,
    failures text not null default '',
    taken_at timestamptz not null default now(),
    closed_at timestamptz,
    primary key (run_id, number),
    constraint run_batch_closed_if_done check ((closed_at is not null) = (outcomes !~ '[.W]'))
  )`,
  `create table assay.run_log (
    run_id uuid not null references assay.run (id) on delete cascade,
    number integer not null,
    line text not null,
    primary key (run_id, number)
  )`,
]
