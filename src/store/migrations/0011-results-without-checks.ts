import { type Kysely, sql } from 'kysely'

/**
 * For each result the foreign key locked its asset once more, which is locked already: a fifth of the time of writing results. Assets are
 * removed by one statement, which removes their results as well. And nobody asks for what is in these texts by their value, so `analyze` need not
 * read them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table assay.asset_result drop constraint asset_result_asset_id_fkey`.execute(db)
  await sql`
    alter table assay.asset_result
      alter column facts set statistics 0,
      alter column problems set statistics 0,
      alter column reference_problems set statistics 0,
      alter column reference_values set statistics 0,
      alter column reference_states set statistics 0,
      alter column targets set statistics 0,
      alter column edges set statistics 0,
      alter column edge_kinds set statistics 0`.execute(db)
  await sql`alter table assay.event alter column detail set statistics 0`.execute(db)
  await sql`alter table assay.content_pack alter column bytes set statistics 0`.execute(db)
}
