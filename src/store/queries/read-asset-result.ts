import type { Kysely, Selectable } from 'kysely'
import type { AssetResultTable, Schema } from '../schema-types.ts'

/** What processing found in a revision, as stored. */
export type AssetResultRow = Pick<
  Selectable<AssetResultTable>,
  'facts' | 'problems' | 'reference_problems' | 'reference_values' | 'reference_states'
>

/** The result of that revision; `null` while it is not processed. */
export async function readAssetResult(db: Kysely<Schema>, assetId: number, revision: number): Promise<AssetResultRow | null> {
  const row = await db
    .selectFrom('assay.asset_result')
    .where('asset_id', '=', assetId)
    .where('revision', '=', revision)
    .select(['facts', 'problems', 'reference_problems', 'reference_values', 'reference_states'])
    .executeTakeFirst()
  return row ?? null
}
