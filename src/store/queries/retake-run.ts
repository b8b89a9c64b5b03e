import { sql, type Transaction } from 'kysely'
import { runOutcomeLetters } from '../../model/run.ts'
import type { PostProcessOrder } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'
import { ordersOf, type ReprocessedAsset, reprocessAssets } from './reprocess-assets.ts'

interface WithdrawnEntry {
  readonly number: number
  readonly place: number
  readonly id: number
  readonly revision: number
}

/** Takes up again what was withdrawn when the run was cancelled. What has another revision by now, or is gone, is found out when it is followed. */
export async function retakeAssets(trx: Transaction<Schema>, id: string, firstOpen: number): Promise<PostProcessOrder[]> {
  const { rows: withdrawn } = await sql<WithdrawnEntry>`
    select b.number, e.place, e.id, e.revision from assay.run_batch b
    cross join lateral unnest(b.assets, b.revisions) with ordinality as e(id, revision, place)
    where b.run_id = ${id} and b.number >= ${firstOpen} and b.closed_at is null
      and substr(b.outcomes, e.place::integer, 1) = ${runOutcomeLetters.withdrawn}`.execute(trx)
  if (withdrawn.length === 0) return []
  const assets = await reprocessAssets(trx, await findCurrent(trx, withdrawn))
  const retaken = new Map(assets.map((asset) => [asset.id, asset]))
  await openAgain(
    trx,
    id,
    withdrawn.map((entry) => ({ ...entry, asset: retaken.get(entry.id) })),
  )
  return ordersOf(assets)
}

/** A newer revision was or will be processed by itself: it is left alone. */
async function findCurrent(trx: Transaction<Schema>, entries: readonly WithdrawnEntry[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select a.id from unnest(${entries.map((entry) => entry.id)}::bigint[], ${entries.map((entry) => entry.revision)}::integer[])
      as e(id, revision) join assay.asset a on a.id = e.id and a.revision = e.revision order by a.id for update of a`.execute(trx)
  return rows.map((row) => row.id)
}

async function openAgain(
  trx: Transaction<Schema>,
  id: string,
  entries: readonly (WithdrawnEntry & { readonly asset: ReprocessedAsset | undefined })[],
): Promise<void> {
  const known = entries.map(({ number, place, asset }) => ({
    number,
    place,
    path: asset?.path ?? null,
    status: asset?.former_status ?? null,
    settled_at: asset?.former_settled_at?.toISOString() ?? null,
  }))
  await sql`
    with again as (
      select * from jsonb_to_recordset(${JSON.stringify(known)}::text::jsonb)
        as k(number integer, place integer, path text, status smallint, settled_at timestamptz)
    ), entry as (
      select b.number, e.place, coalesce(k.path, e.path) as path, case when k.status is null then e.former_status else k.status end as status,
        case when k.status is null then e.former_settled_at else k.settled_at end as settled_at
      from assay.run_batch b cross join lateral unnest(b.paths, b.former_status, b.former_settled_at)
        with ordinality as e(path, former_status, former_settled_at, place)
      left join again k on k.number = b.number and k.place = e.place
      where b.run_id = ${id} and b.number in (select number from again)
    ), arrays as (
      select number, array_agg(path order by place) as paths, array_agg(status order by place) as statuses,
        array_agg(settled_at order by place) as settled from entry group by number
    )
    update assay.run_batch b set paths = a.paths, former_status = a.statuses, former_settled_at = a.settled,
      outcomes = translate(b.outcomes, ${runOutcomeLetters.withdrawn}, ${runOutcomeLetters.open})
    from arrays a where b.run_id = ${id} and b.number = a.number`.execute(trx)
}
