import { sql, type Transaction } from 'kysely'
import { assetStatuses, isFinal } from '../../model/asset-status.ts'
import { runOutcomeLetters } from '../../model/run.ts'
import type { Schema } from '../schema-types.ts'

const final = assetStatuses.flatMap((status, index) => (isFinal(status) ? [index] : []))

/**
 * Gives assets of the open batches back that a run has marked and nobody has begun to read: they stand again as before. That is true because
 * the result of that very revision at that very path is still there; where the revision or the path is another one, the asset goes on
 * waiting for its own order. Gives how many. The orders of the run find them settled and leave them.
 */
export async function withdrawAssets(trx: Transaction<Schema>, id: string, firstOpen: number): Promise<number> {
  const { rows } = await sql<{ withdrawn: number }>`
    with entry as (
      select b.number, e.*, substr(b.outcomes, e.place::integer, 1) as outcome
      from assay.run_batch b cross join lateral unnest(b.assets, b.revisions, b.paths, b.former_status, b.former_settled_at)
        with ordinality as e(id, revision, path, former_status, former_settled_at, place)
      where b.run_id = ${id} and b.number >= ${firstOpen} and b.closed_at is null
    ), waiting as (
      select e.* from assay.asset a join entry e on e.id = a.id
      where e.outcome = ${runOutcomeLetters.open} and e.former_status = any(${final}::smallint[]) and a.revision = e.revision
        and a.path = e.path and a.status = ${assetStatuses.indexOf('PENDING')}
      order by a.id for update of a
    ), restored as (
      update assay.asset a set status = w.former_status, settled_at = w.former_settled_at from waiting w where a.id = w.id
    ), told as (
      select e.number, string_agg(case when w.id is null then e.outcome else ${runOutcomeLetters.withdrawn} end, '' order by e.place) as outcomes
      from entry e left join waiting w on w.id = e.id group by e.number
    ), kept as (
      update assay.run_batch b set outcomes = t.outcomes from told t where b.run_id = ${id} and b.number = t.number
    )
    select count(*) as withdrawn from waiting`.execute(trx)
  return rows[0]!.withdrawn
}
