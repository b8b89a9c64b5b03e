import { type Kysely, sql } from 'kysely'

/** A large pack lies in the blob store, and its row says where: in the embedded database its bytes took half of the time of receiving them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table assay.content_pack
      alter column bytes drop not null,
      add column blob_key text,
      add column blob_size integer,
      add constraint bytes_in_one_place check ((bytes is null) = (blob_key is not null) and (blob_key is null) = (blob_size is null))`.execute(
    db,
  )
  await sql`create index content_pack_blob_key on assay.content_pack (blob_key) where blob_key is not null`.execute(db)
}
