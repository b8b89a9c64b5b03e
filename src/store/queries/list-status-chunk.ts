import { type Kysely, sql } from 'kysely'
import { assetStatuses } from '../../model/asset-status.ts'
import { findFirst } from '../../model/find-first.ts'
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
  /** What remains of the stretches. */
  readonly left: readonly ListStretch[]
}

/** What a chunk holds at most, and how many stretches it is made of at most: they cross to the database with each. */
export interface ChunkLimits {
  readonly assets: number
  readonly stretches: number
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

/** All pieces of the stretches. The next one is asked for before one is given, so that the database works on it meanwhile. */
export async function* listStatusChunks(
  db: Kysely<Schema>,
  stretches: readonly ListStretch[],
  limits: ChunkLimits,
): AsyncGenerator<StatusChunk> {
  const read = (left: readonly ListStretch[]) => (left.length === 0 ? null : listStatusChunk(db, left, limits))
  for (let next = read(stretches); next !== null; ) {
    const chunk: StatusChunk = await next
    next = read(chunk.left)
    // Whoever stops in between never asks for it.
    next?.catch(Boolean)
    yield chunk
  }
}

/**
 * The next assets of the stretches in path order, as JSON built by the database (decoding rows in JavaScript costs three times as
 * much). A path has no control characters, so what JSON escapes in it are two. Its bytes are given as they are: a text of them, of which bytes are made to compress, held up the main
 * thread for 2.5 ms and left 4 MB to be collected. The lateral join walks the stretches in order and stops at the limit, so what it gives is in order
 * already: sorting it once more would take a tenth of the time. The limit stands in the statement, so that the plan knows it. An ignored
 * asset has no status here: neither the JSON nor a count has it.
 */
async function listStatusChunk(db: Kysely<Schema>, stretches: readonly ListStretch[], limits: ChunkLimits): Promise<StatusChunk> {
  const taken = stretches.slice(0, limits.stretches)
  const limit = sql.lit(limits.assets)
  const { rows } = await sql<ChunkRow>`
    with listed as (
      select coalesce(a.path, s.lo) as path, a.uuid, case when a.is_ignored then null else coalesce(a.status, ${failure}) end as status
      from unnest(${taken.map((s) => s.lo)}::text[], ${taken.map((s) => s.hi)}::text[]) as s(lo, hi)
      left join lateral (
        select path, uuid, status, is_ignored from assay.asset where path >= s.lo and path < s.hi order by path limit ${limit}
      ) a on true
      where a.path is not null or s.hi is null
      limit ${limit}
    )
    select convert_to(string_agg(',{"path":"' || replace(replace(path, '\\', '\\\\'), '"', '\\"') || case
        when uuid is null then '","status":"FAILURE","exists":false}' ${sql.join(endings, sql` `)} end, '') filter (where status is not null), 'UTF8') as json,
      count(*) as found, max(path collate "C") as last_path, count(*) filter (where status = 0) as pending,
      count(*) filter (where status = 1) as processing, count(*) filter (where status = 2) as succeeded,
      count(*) filter (where status = 3) as failed
    from listed`.execute(db)
  const [row] = rows as [ChunkRow]
  const counts = [row.pending, row.processing, row.succeeded, row.failed]
  const assets = counts.reduce((sum, count) => sum + count)
  const { json, found, last_path: lastPath } = row
  const isCut = found === limits.assets && lastPath !== null
  const left = isCut ? stretchesAfter(stretches, lastPath) : stretches.slice(taken.length)
  return { json: json ?? new Uint8Array(), ignored: found - assets, assets, counts, left }
}

/** What remains of the stretches after everything up to `lastPath` was listed. */
function stretchesAfter(stretches: readonly ListStretch[], lastPath: string): readonly ListStretch[] {
  const rest = `${lastPath}\u0001`
  const left = stretches.slice(
    findFirst(stretches, ({ lo, hi }) => (hi === null ? compareBytewise(lo, lastPath) > 0 : compareBytewise(rest, hi) < 0)),
  )
  const [first] = left
  if (first && first.hi !== null && compareBytewise(rest, first.lo) > 0) left[0] = { lo: rest, hi: first.hi }
  return left
}
