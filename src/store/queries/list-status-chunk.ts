import { type Kysely, sql } from 'kysely'
import { assetStatuses } from '../../model/asset-status.ts'
import { compareBytewise } from '../../model/path-ranges.ts'
import type { Schema } from '../schema-types.ts'
import type { ListStretch } from './plan-status-list.ts'

/** A piece of a status list: the JSON objects of its assets, a comma before each, and how many were left out because rules ignore them. */
export interface StatusChunk {
  /** UTF-8, in a buffer of its own where the database is embedded. */
  readonly json: Uint8Array
  readonly ignored: number
  readonly assets: number
  /** Assets per status, in the order of `assetStatuses`. */
  readonly counts: readonly number[]
  readonly lastPath: string
  /** Nothing of the stretches comes after it. */
  readonly isLast: boolean
}

interface ChunkRow {
  readonly json: Uint8Array | null
  readonly found: number
  readonly pending: number
  readonly processing: number
  readonly succeeded: number
  readonly failed: number
  readonly last_path: string | null
}

const failure = assetStatuses.indexOf('FAILURE')
/**
 * What follows the path in the JSON of an asset with each status, the final ones first, which most assets have. Written out, for joining it from pieces costs
 * a tenth of the time.
 */
const endings = assetStatuses
  .map((status, index) => {
    const ending = sql.lit(`","status":"${status}","exists":true}`)
    return sql`when status = ${sql.lit(index)} then '","uuid":"' || uuid || ${ending}`
  })
  .reverse()

/**
 * All pieces of the stretches, each of `limit` assets but for the last one. The next one is asked for before one is given, so that the database
 * works on it meanwhile.
 */
export async function* listStatusChunks(db: Kysely<Schema>, stretches: readonly ListStretch[], limit: number): AsyncGenerator<StatusChunk> {
  let left = stretches
  let next = listStatusChunk(db, left, limit)
  for (;;) {
    const chunk = await next
    if (!chunk) return
    left = chunk.isLast ? [] : stretchesAfter(left, chunk.lastPath)
    next = listStatusChunk(db, left, limit)
    // Whoever stops in between never asks for it.
    next.catch(Boolean)
    yield chunk
  }
}

/**
 * The next `limit` assets of the stretches in path order, as JSON built by the database (decoding rows in JavaScript costs three times as
 * much); `null` when there are no more. A path has no control characters, so what JSON escapes in it are two. Its bytes are given as they are: a text of them, of which bytes are made to compress, held up the main
 * thread for 2.5 ms and left 4 MB to be collected. The lateral join walks the stretches in order and stops at the limit, so what it gives is in order
 * already: sorting it once more would take a tenth of the time. The limit stands in the statement, so that the plan knows it. An ignored
 * asset has no status here: neither the JSON nor a count has it.
 */
export async function listStatusChunk(db: Kysely<Schema>, stretches: readonly ListStretch[], limit: number): Promise<StatusChunk | null> {
  if (stretches.length === 0) return null
  const { rows } = await sql<ChunkRow>`
    with listed as (
      select coalesce(a.path, s.lo) as path, a.uuid, case when a.is_ignored then null else coalesce(a.status, ${failure}) end as status
      from unnest(${stretches.map((s) => s.lo)}::text[], ${stretches.map((s) => s.hi)}::text[]) as s(lo, hi)
      left join lateral (
        select path, uuid, status, is_ignored from assay.asset where path >= s.lo and path < s.hi order by path limit ${sql.lit(limit)}
      ) a on true
      where a.path is not null or s.hi is null
      limit ${sql.lit(limit)}
    )
    select convert_to(string_agg(',{"path":"' || replace(replace(path, '\\', '\\\\'), '"', '\\"') || case
        when uuid is null then '","status":"FAILURE","exists":false}' ${sql.join(endings, sql` `)} end, '') filter (where status is not null), 'UTF8') as json,
      count(*) as found, max(path collate "C") as last_path, count(*) filter (where status = 0) as pending,
      count(*) filter (where status = 1) as processing, count(*) filter (where status = 2) as succeeded,
      count(*) filter (where status = 3) as failed
    from listed`.execute(db)
  const [row] = rows
  if (!row || row.last_path === null) return null
  const counts = [row.pending, row.processing, row.succeeded, row.failed]
  const assets = counts.reduce((sum, count) => sum + count)
  const { json, found, last_path: lastPath } = row
  return { json: json ?? new Uint8Array(), ignored: found - assets, assets, counts, lastPath, isLast: found < limit }
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
