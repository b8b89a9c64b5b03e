import { type Kysely, sql } from 'kysely'
import { edgeKind } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'

/** Fold hashes of the assets that take content in from one at `hashes`, and from which others take content in. */
export async function findContentRelays(db: Kysely<Schema>, hashes: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ fold_hash: number }>`
    select distinct a.fold_hash from unnest(${hashes}::bigint[]) as h(target)
    join assay.reference_edge e on e.target = h.target and e.kind = ${edgeKind.content}
    join assay.asset a on a.id = e.source
    where exists (select from assay.reference_edge f where f.target = a.fold_hash and f.kind = ${edgeKind.content})`.execute(db)
  return rows.map((row) => row.fold_hash)
}
