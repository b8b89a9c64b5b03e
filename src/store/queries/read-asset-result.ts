import { type Kysely, type Selectable, sql } from 'kysely'
import { maxShownReferenceCharacters } from '../../model/http-limits.ts'
import type { AssetResultTable, Schema } from '../schema-types.ts'

const columns = ['facts', 'problems', 'reference_problems', 'own_warnings', 'own_infos'] as const

/** What processing found in a revision, as stored; of the references and their states only the beginning. */
export interface AssetResultRow
  extends Pick<Selectable<AssetResultTable>, (typeof columns)[number] | 'reference_values' | 'reference_states'> {
  /** A target of its references has changed, or perhaps so, and no pass has finished with that yet. */
  readonly is_behind: boolean
}

/** So many changes are looked through; during a large import there may be a million. */
const lookedThrough = 5000

/** The result of that revision; `null` while it is not processed. */
export async function readAssetResult(db: Kysely<Schema>, assetId: number, revision: number): Promise<AssetResultRow | null> {
  const changes = sql`(select target from assay.target_change limit ${lookedThrough + 1}) c`
  const row = await db
    .selectFrom('assay.asset_result')
    .where('asset_id', '=', assetId)
    .where('revision', '=', revision)
    .select(columns)
    .select([
      sql<string>`left(reference_values, ${maxShownReferenceCharacters})`.as('reference_values'),
      sql<string>`left(reference_states, ${maxShownReferenceCharacters})`.as('reference_states'),
    ])
    // In the same statement: a pass writes its results before it forgets the changes.
    .select(
      sql<boolean>`exists (select from ${changes} where c.target in (select unnest(edges)))
        or (select count(*) from ${changes}) > ${lookedThrough} and edges <> '{}'`.as('is_behind'),
    )
    .executeTakeFirst()
  return row ?? null
}
