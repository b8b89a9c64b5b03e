import { type Kysely, sql } from 'kysely'

/**
 * Orders that wait to be sent as jobs of the queue, many together: a job for each file of a client that sends one at a time took longer than
 * to receive it. Without an index: what waits is a moment's work, and all of it is taken at once.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table assay.waiting_order (asset_id bigint not null, revision integer not null)`.execute(db)
}
