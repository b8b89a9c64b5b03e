import { type Kysely, sql } from 'kysely'

/**
 * Parts of direct uploads wait here until their upload is completed; which uploads were, so that completing one again changes nothing.
 * Neither has a row before the first part arrives: an upload that is only announced leaves no trace.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table assay.upload_part (
    upload uuid not null,
    number integer not null check (number >= 0),
    size bigint not null check (size >= 0),
    sha256 bytea not null check (octet_length(sha256) = 32),
    pack_id bigint,
    pack_offset integer,
    blob_key text,
    created_at timestamptz not null default now(),
    primary key (upload, number),
    constraint part_in_one_place check ((pack_id is null) = (pack_offset is null) and (pack_id is null) <> (blob_key is null))
  )`,
  `create table assay.completed_upload (
    upload uuid primary key,
    completed_at timestamptz not null default now()
  )`,
  'alter table assay.folder add column properties text',
  'alter table assay.asset add column properties text',
]
