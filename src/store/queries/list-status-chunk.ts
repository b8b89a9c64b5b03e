import { type Kysely, sql } from 'kysely'
import { assetStatuses } from '../../model/asset-status.ts'
import { compareBytewise } from '../../model/path-ranges.ts'
import type { Schema } from '../schema-types.ts'
import type { ListStretch } from './plan-status-list.ts'

/** A piece of a status list: the JSON objects of its assets with commas between them, and how many were left out because rules ignore them. */
export interface StatusChunk {
  readonly json: string
  readonly ignored: number
  readonly assets: number
  /** Assets per status, in the order of `assetStatuses`. */
  readonly counts: readonly number[]
  readonly lastPath: string
}

const statusNames = assetStatuses.map(String)

/**
 * The next `limit` assets of the stretches in path order, as JSON built by the database (decoding rows in JavaScript costs three times as
 * much); `null` when there are no more. The lateral join walks the stretches in order and stops at the limit.
 */
export async function listStatusChunk(db: Kysely<Schema>, stretches: readonly ListStretch[], limit: number): Promise<StatusChunk | null> {
  if (stretches.length === 0) return null
  const { rows } = await sql<{ json: string | null; assets: number; ignored: number; counts: number[]; last_path: string | null }>`
    with listed as (
      select s.ordinal, f.* from unnest(${stretches.map((s) => s.lo)}::text[], ${stretches.map((s) => s.hi)}::text[]) with ordinality
        as s(lo, hi, ordinal)
      cross join lateral (
        (select path, uuid, status, is_ignored from assay.asset a where s.hi is not null and a.path >= s.lo and a.path < s.hi
          order by a.path limit ${limit})
        union all
        select s.lo, null, ${assetStatuses.indexOf('FAILURE')}, false where s.hi is null
      ) f
      limit ${limit}
    )
    select string_agg('{"path":' || to_json(path)::text || coalesce(',"uuid":"' || uuid || '"', '') || ',"status":"'
        || (${statusNames}::text[])[status + 1] || '","exists":' || case when uuid is null then 'false' else 'true' end || '}',
        ',' order by path collate "C") filter (where not is_ignored) as json,
      count(*) filter (where not is_ignored) as assets, count(*) filter (where is_ignored) as ignored, max(path collate "C") as last_path,
      array[count(*) filter (where status = 0 and not is_ignored), count(*) filter (where status = 1 and not is_ignored),
        count(*) filter (where status = 2 and not is_ignored), count(*) filter (where status = 3 and not is_ignored)]::integer[] as counts
    from listed`.execute(db)
  const [row] = rows
  if (!row || row.last_path === null) return null
  return { json: row.json ?? '', assets: row.assets, ignored: row.ignored, counts: row.counts, lastPath: row.last_path }
}

/** What remains of the stretches after everything up to `lastPath` was listed. */
export function stretchesAfter(stretches: readonly ListStretch[], lastPath: string): ListStretch[] {
  const rest = `${lastPath}\u0001`
  const remaining: ListStretch[] = []
  for (const stretch of stretches) {
    if (stretch.hi === null) {
      if (compareBytewise(stretch.lo, lastPath) > 0) remaining.push(stretch)
    } else if (compareBytewise(rest, stretch.hi) < 0) {
      remaining.push(compareBytewise(rest, stretch.lo) <= 0 ? stretch : { lo: rest, hi: stretch.hi })
    }
  }
  return remaining
}
