import { type Kysely, sql } from 'kysely'
import { assetTypes } from '../../model/asset-type.ts'
import type { TargetAsset } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'

interface TargetRow {
  readonly id: number
  readonly path: string
  readonly fold_hash: number
  readonly type: number
  readonly targets_digest: string | null
  readonly targets: string | null
  readonly reference_values: string | null
  readonly unread: boolean
}

/**
 * Assets at the given fold hashes. The table of what can be addressed in an asset comes only for hashes in `withTables`: most references
 * have no fragment, and the tables are the bulk of the data.
 */
export async function findTargets(db: Kysely<Schema>, hashes: readonly number[], withTables: ReadonlySet<number>): Promise<TargetAsset[]> {
  if (hashes.length === 0) return []
  const { rows } = await sql<TargetRow>`
    select a.id, a.path, a.fold_hash, a.type, r.targets_digest, case when h.with_table then r.targets end as targets,
      case when h.with_table then r.reference_values end as reference_values, a.is_ignored and r.asset_id is null as unread
    from unnest(${hashes}::bigint[], ${hashes.map((hash) => withTables.has(hash))}::boolean[]) as h(hash, with_table)
    join assay.asset a on a.fold_hash = h.hash
    left join assay.asset_result r on r.asset_id = a.id and (not a.is_ignored or r.revision = a.revision)`.execute(db)
  return rows.map((row) => ({
    id: row.id,
    path: row.path,
    foldHash: row.fold_hash,
    type: assetTypes[row.type]!,
    targetsDigest: row.targets_digest,
    targets: row.targets,
    references: row.reference_values,
    unread: row.unread,
  }))
}
