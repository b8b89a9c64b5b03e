import { type Kysely, type Selectable, sql } from 'kysely'
import type { AssetTable, Schema } from '../schema-types.ts'

/**
 * An asset with references to the target, and those references as stored: only they tell whether they mean its exact path. `null`: there are
 * too many to be looked through.
 */
export type ReferringRow = Pick<Selectable<AssetTable>, 'uuid' | 'path' | 'status' | 'title'> & { readonly reference_values: string | null }

/** Of all of them together. */
const maxBytes = 1024 * 1024

/**
 * Assets whose last result refers to a path with this fold hash, in path order; of more than `limit` those that were received first, in whose order
 * they are found. Those with the first paths would be known only when all are sorted: 250 ms for 100,000.
 */
export function listReferringAssets(db: Kysely<Schema>, target: number, limit: number): Promise<ReferringRow[]> {
  return db
    .selectFrom((from) =>
      from.selectFrom('assay.reference_edge').where('target', '=', target).orderBy('source').limit(limit).select('source').as('e'),
    )
    .innerJoin('assay.asset as a', 'a.id', 'e.source')
    .innerJoin('assay.asset_result as r', 'r.asset_id', 'a.id')
    .select(['a.uuid', 'a.path', 'a.status', 'a.title'])
    .select(
      sql<
        string | null
      >`case when sum(octet_length(r.reference_values)) over (order by a.path) <= ${maxBytes} then r.reference_values end`.as(
        'reference_values',
      ),
    )
    .orderBy('a.path')
    .execute()
}
