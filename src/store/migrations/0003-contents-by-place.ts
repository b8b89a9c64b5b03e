import { type Kysely, sql } from 'kysely'

/**
 * The sweep asks of each pack which assets are in it. Processing changes no place, so that its updates stay within their page as before; packs
 * have growing numbers, so that new assets go to the end of the index.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index asset_pack_id on assay.asset (pack_id) where pack_id is not null`.execute(db)
}
