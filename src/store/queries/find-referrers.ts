import { type Kysely, sql } from 'kysely'
import type { StoredReferences, TargetChange } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'

interface ReferencesRow {
  readonly asset_id: number
  readonly path: string
  readonly revision: number
  readonly reference_values: string
  readonly reference_states: string
  readonly targets: string
  readonly edges: number[]
  readonly edge_kinds: string
}

const columns = sql`r.asset_id, a.path, r.revision, r.reference_values, r.reference_states, r.targets, r.edges, r.edge_kinds`

/**
 * Results with references that one of the changes can touch, by growing asset id after `afterId`. A change of what can be addressed
 * touches references with fragments and content references; one of existence or type touches all.
 */
export async function findReferrers(
  db: Kysely<Schema>,
  changes: readonly TargetChange[],
  afterId: number,
  limit: number,
): Promise<StoredReferences[]> {
  const { rows } = await sql<ReferencesRow>`
    select ${columns} from (
      select distinct e.source from unnest(${changes.map((c) => c.target)}::bigint[], ${changes.map((c) => c.existence)}::boolean[])
        as c(target, existence)
      join assay.reference_edge e on e.target = c.target and (c.existence or e.kind > 0)
      where e.source > ${afterId} order by e.source limit ${limit}
    ) s
    join assay.asset_result r on r.asset_id = s.source
    join assay.asset a on a.id = s.source
    order by r.asset_id`.execute(db)
  return rows.map(toStoredReferences)
}

/** Results of the given assets, whatever their status. */
export async function readReferences(db: Kysely<Schema>, ids: readonly number[]): Promise<StoredReferences[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<ReferencesRow>`
    select ${columns} from assay.asset_result r join assay.asset a on a.id = r.asset_id
    where r.asset_id = any(${ids}::bigint[]) order by r.asset_id`.execute(db)
  return rows.map(toStoredReferences)
}

function toStoredReferences(row: ReferencesRow): StoredReferences {
  return {
    id: row.asset_id,
    path: row.path,
    revision: row.revision,
    references: row.reference_values,
    states: row.reference_states,
    targets: row.targets,
    edges: row.edges,
    edgeKinds: Array.from(row.edge_kinds, Number),
  }
}
