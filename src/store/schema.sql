-- Generated from src/store/migrations by `npm run generate`. Do not edit.

create table assay.api_token (
  id text not null,
  name text not null,
  secret_sha256 bytea not null,
  scopes text[] not null,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_token_pkey PRIMARY KEY (id)
);

create table assay.asset (
  id bigint not null generated always as identity,
  uuid text collate "C" not null,
  path text collate "C" not null,
  fold_hash bigint not null,
  revision integer not null,
  status smallint not null,
  type smallint not null,
  attempts smallint not null default 0,
  size bigint not null,
  sha256 bytea not null,
  pack_id bigint,
  pack_offset integer,
  blob_key text,
  media_type text not null,
  title text,
  error_count integer not null default 0,
  warning_count integer not null default 0,
  info_count integer not null default 0,
  created_at timestamp with time zone not null default now(),
  received_at timestamp with time zone not null default now(),
  settled_at timestamp with time zone,
  properties text,
  is_ignored boolean not null default false,
  constraint asset_path_key UNIQUE (path),
  constraint asset_uuid_key UNIQUE (uuid),
  constraint asset_pkey PRIMARY KEY (id),
  constraint asset_revision_check CHECK ((revision > 0)),
  constraint asset_sha256_check CHECK ((octet_length(sha256) = 32)),
  constraint asset_size_check CHECK ((size >= 0)),
  constraint asset_status_check CHECK (((status >= 0) AND (status <= 3))),
  constraint asset_type_check CHECK (((type >= 0) AND (type <= 5))),
  constraint content_in_one_place CHECK ((((pack_id IS NULL) = (pack_offset IS NULL)) AND ((pack_id IS NULL) <> (blob_key IS NULL)))),
  constraint failure_is_explained CHECK (((status <> 3) OR (error_count > 0))),
  constraint settled_if_final CHECK (((settled_at IS NOT NULL) = (status = ANY (ARRAY[2, 3]))))
) with (fillfactor=45);
CREATE INDEX asset_blob_key ON assay.asset USING btree (blob_key) WHERE (blob_key IS NOT NULL);
CREATE INDEX asset_fold_hash ON assay.asset USING btree (fold_hash);
CREATE INDEX asset_pack_id ON assay.asset USING btree (pack_id) WHERE (pack_id IS NOT NULL);

create table assay.asset_result (
  asset_id bigint not null,
  revision integer not null,
  facts text not null /* storage external */,
  problems text not null /* storage external */,
  reference_problems text not null /* storage external */,
  reference_values text not null /* storage external */,
  reference_states text not null /* storage external */,
  targets text not null /* storage external */,
  targets_digest text not null,
  own_warnings integer not null,
  own_infos integer not null,
  edges bigint[] not null,
  edge_kinds text not null,
  constraint asset_result_pkey PRIMARY KEY (asset_id)
) with (fillfactor=50);

create table assay.completed_upload (
  upload uuid not null,
  completed_at timestamp with time zone not null default now(),
  constraint completed_upload_pkey PRIMARY KEY (upload)
);

create table assay.content_pack (
  id bigint not null generated always as identity,
  bytes bytea /* storage external */,
  created_at timestamp with time zone not null default now(),
  blob_key text,
  blob_size integer,
  constraint content_pack_pkey PRIMARY KEY (id),
  constraint bytes_in_one_place CHECK ((((bytes IS NULL) = (blob_key IS NOT NULL)) AND ((blob_key IS NULL) = (blob_size IS NULL))))
);
CREATE INDEX content_pack_blob_key ON assay.content_pack USING btree (blob_key) WHERE (blob_key IS NOT NULL);

create table assay.event (
  seq bigint not null generated always as identity,
  at timestamp with time zone not null default now(),
  type smallint not null,
  status smallint,
  revision integer,
  actor text,
  subject text,
  path text collate "C",
  source text collate "C",
  detail text,
  constraint event_pkey PRIMARY KEY (seq)
);

create table assay.folder (
  path text collate "C" not null,
  fold_hash bigint not null,
  created_at timestamp with time zone not null default now(),
  properties text,
  constraint folder_pkey PRIMARY KEY (path)
);
CREATE INDEX folder_fold_hash ON assay.folder USING btree (fold_hash);

create table assay.path_rules (
  id smallint not null default 1,
  version integer not null default 1,
  ignored text[] not null,
  enabled text[] not null,
  changed_at timestamp with time zone,
  changed_by text,
  recheck text[],
  recheck_after text collate "C" not null default ''::text,
  newly_ignored integer not null default 0,
  newly_enabled integer not null default 0,
  constraint path_rules_pkey PRIMARY KEY (id),
  constraint path_rules_id_check CHECK ((id = 1))
);

create table assay.reference_edge (
  target bigint not null,
  source bigint not null,
  kind smallint not null,
  constraint reference_edge_pkey PRIMARY KEY (target, source)
);

create table assay.run (
  id uuid not null,
  seq bigint not null generated always as identity,
  status smallint not null default 0,
  path text not null,
  excluded text[] not null,
  types smallint[],
  created_from_ms bigint,
  created_to_ms bigint,
  selection smallint not null,
  received_before timestamp with time zone not null,
  created_by text not null,
  idempotency_key text,
  created_at timestamp with time zone not null default now(),
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  turn integer not null default 0,
  total integer,
  taken integer not null default 0,
  succeeded integer not null default 0,
  failed integer not null default 0,
  replaced integer not null default 0,
  deleted integer not null default 0,
  all_taken boolean not null default false,
  last_path text collate "C" not null default ''::text,
  batches integer not null default 0,
  first_open_batch integer not null default 0,
  log_lines integer not null default 0,
  marks text not null default '[]'::text,
  error text,
  constraint run_seq_key UNIQUE (seq),
  constraint run_pkey PRIMARY KEY (id),
  constraint run_begun_if_processing CHECK (((status <> ALL (ARRAY[1, 2])) OR (started_at IS NOT NULL))),
  constraint run_failure_is_explained CHECK (((status <> 3) OR (error IS NOT NULL))),
  constraint run_finished_if_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY[2, 3, 4])))),
  constraint run_not_more_done_than_taken CHECK (((((succeeded + failed) + replaced) + deleted) <= taken)),
  constraint run_selection_check CHECK (((selection >= 0) AND (selection <= 2))),
  constraint run_status_check CHECK (((status >= 0) AND (status <= 4))),
  constraint run_success_is_complete CHECK (((status <> 2) OR (all_taken AND (taken = (((succeeded + failed) + replaced) + deleted)))))
) with (fillfactor=50);
CREATE UNIQUE INDEX run_idempotency_key ON assay.run USING btree (created_by, idempotency_key) WHERE (idempotency_key IS NOT NULL);

create table assay.run_batch (
  run_id uuid not null,
  number integer not null,
  assets bigint[] not null,
  revisions integer[] not null,
  paths text[] not null,
  former_status smallint[] not null,
  former_settled_at timestamp with time zone[] not null,
  outcomes text not null,
  failures text not null default ''::text,
  taken_at timestamp with time zone not null default now(),
  closed_at timestamp with time zone,
  constraint run_batch_pkey PRIMARY KEY (run_id, number),
  constraint run_batch_run_id_fkey FOREIGN KEY (run_id) REFERENCES assay.run(id) ON DELETE CASCADE,
  constraint run_batch_closed_if_done CHECK (((closed_at IS NOT NULL) = (outcomes !~ '[.W]'::text)))
);

create table assay.run_log (
  run_id uuid not null,
  number integer not null,
  line text not null,
  constraint run_log_pkey PRIMARY KEY (run_id, number),
  constraint run_log_run_id_fkey FOREIGN KEY (run_id) REFERENCES assay.run(id) ON DELETE CASCADE
);

create table assay.schema_migration (
  name text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migration_pkey PRIMARY KEY (name)
);

create table assay.setting (
  key text not null,
  value text not null,
  constraint setting_pkey PRIMARY KEY (key)
);

create table assay.status_job (
  id uuid not null,
  status smallint not null default 0,
  included text[] not null,
  excluded text[] not null,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  expires_at timestamp with time zone,
  total integer,
  counts integer[],
  etag text,
  error text,
  ignored integer,
  constraint status_job_pkey PRIMARY KEY (id),
  constraint finished_if_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY[2, 3])))),
  constraint job_failure_is_explained CHECK (((status <> 3) OR (error IS NOT NULL))),
  constraint listed_if_success CHECK (((status <> 2) OR ((total IS NOT NULL) AND (counts IS NOT NULL) AND (etag IS NOT NULL)))),
  constraint status_job_status_check CHECK (((status >= 0) AND (status <= 3)))
);
CREATE INDEX status_job_expires_at ON assay.status_job USING btree (expires_at);

create table assay.status_job_chunk (
  job_id uuid not null,
  number integer not null,
  gzip bytea not null /* storage external */,
  bytes integer not null,
  assets integer not null,
  counts integer[] not null,
  constraint status_job_chunk_pkey PRIMARY KEY (job_id, number),
  constraint status_job_chunk_job_id_fkey FOREIGN KEY (job_id) REFERENCES assay.status_job(id) ON DELETE CASCADE
);

create table assay.target_change (
  id bigint not null generated always as identity,
  target bigint not null,
  existence boolean not null,
  at timestamp with time zone not null default now(),
  constraint target_change_pkey PRIMARY KEY (id)
);

create table assay.upload_part (
  upload uuid not null,
  number integer not null,
  size bigint not null,
  sha256 bytea not null,
  pack_id bigint,
  pack_offset integer,
  blob_key text,
  created_at timestamp with time zone not null default now(),
  constraint upload_part_pkey PRIMARY KEY (upload, number),
  constraint part_in_one_place CHECK ((((pack_id IS NULL) = (pack_offset IS NULL)) AND ((pack_id IS NULL) <> (blob_key IS NULL)))),
  constraint upload_part_number_check CHECK ((number >= 0)),
  constraint upload_part_sha256_check CHECK ((octet_length(sha256) = 32)),
  constraint upload_part_size_check CHECK ((size >= 0))
);

create table assay.waiting_order (
  asset_id bigint not null,
  revision integer not null
);

create table assay.webhook (
  id uuid not null,
  url text not null,
  description text not null,
  format text not null,
  types text[],
  paths text[],
  secret text not null,
  enabled boolean not null,
  disabled_reason text,
  "position" bigint not null,
  forgotten_position bigint not null default 0,
  failing_since timestamp with time zone,
  worker uuid,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  changed_at timestamp with time zone not null default now(),
  previous_secrets text[] not null default '{}'::text[],
  previous_secrets_until timestamp with time zone[] not null default '{}'::timestamp with time zone[],
  constraint webhook_pkey PRIMARY KEY (id),
  constraint disabled_with_reason CHECK ((enabled = (disabled_reason IS NULL))),
  constraint previous_secrets_end CHECK ((cardinality(previous_secrets) = cardinality(previous_secrets_until)))
) with (fillfactor=50);

create table assay.webhook_delivery (
  id bigint not null generated always as identity,
  webhook uuid not null,
  "position" bigint,
  message text not null,
  type text not null,
  path text,
  lane text,
  body text,
  status smallint not null,
  failures smallint not null default 0,
  tries jsonb not null default '[]'::jsonb,
  next_try_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  finished_at timestamp with time zone,
  constraint webhook_delivery_webhook_position_key UNIQUE (webhook, "position"),
  constraint webhook_delivery_pkey PRIMARY KEY (id),
  constraint webhook_delivery_webhook_fkey FOREIGN KEY (webhook) REFERENCES assay.webhook(id) ON DELETE CASCADE,
  constraint finished_if_delivered_or_not CHECK (((status = 0) = (finished_at IS NULL))),
  constraint pending_has_body CHECK (((status <> 0) OR (body IS NOT NULL))),
  constraint pending_has_next_try CHECK (((status = 0) = (next_try_at IS NOT NULL))),
  constraint webhook_delivery_status_check CHECK (((status >= 0) AND (status <= 2)))
) with (fillfactor=80);
CREATE INDEX webhook_delivery_due ON assay.webhook_delivery USING btree (webhook, next_try_at) WHERE (status = 0);
CREATE INDEX webhook_delivery_failed ON assay.webhook_delivery USING btree (webhook, finished_at) WHERE (status = 2);
CREATE INDEX webhook_delivery_newest ON assay.webhook_delivery USING btree (webhook, id);

create table assay.webhook_worker (
  id uuid not null,
  until timestamp with time zone not null,
  constraint webhook_worker_pkey PRIMARY KEY (id)
) with (fillfactor=50);

CREATE OR REPLACE FUNCTION assay.announce_events()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  begin
    perform pg_advisory_xact_lock_shared(447725532876898304 + last_value), pg_notify('assay_event', '') from assay.event_seq_seq;
    return null;
  end $function$;

CREATE OR REPLACE FUNCTION assay.hold_path_rules()
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
  begin
    perform pg_advisory_xact_lock_shared(407204, 0);
    return (select version from assay.path_rules);
  end $function$;

CREATE TRIGGER event_announced BEFORE INSERT ON assay.event FOR EACH STATEMENT EXECUTE FUNCTION assay.announce_events();
