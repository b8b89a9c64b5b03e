import { sql, type Transaction } from 'kysely'
import type { Schema } from '../schema-types.ts'

interface PackRow {
  readonly id: number
  readonly bytes: number
  /** Bytes that assets refer to; copies of an asset share them. */
  readonly live: number
  readonly assets: number
  readonly parts: number
}

/** What was found in a stretch of packs. `last` is the last one looked at, 0 at the end. */
export interface SweptPacks {
  readonly removed: number
  /** Those that are mostly holes. */
  readonly sparse: readonly number[]
  readonly last: number
}

export interface PackSweep {
  readonly after: number
  readonly graceMs: number
  /** Packs looked at. */
  readonly limit: number
  /** What is alive in the sparse packs at most, before the next pack is looked at. */
  readonly maxMovedBytes: number
}

/** Goes through the packs that follow `after` and are older than the grace time. Those that nothing refers to are removed. */
export async function sweepPacks(trx: Transaction<Schema>, { after, graceMs, limit, maxMovedBytes }: PackSweep): Promise<SweptPacks> {
  const { rows: packs } = await sql<PackRow>`
    select p.id, coalesce(p.blob_size, octet_length(p.bytes)) as bytes, a.live, a.assets, u.parts from (
      select id, bytes, blob_size from assay.content_pack
      where id > ${after} and created_at < now() - ${graceMs} * interval '1 millisecond' order by id limit ${limit}
    ) p
    cross join lateral (
      select coalesce(sum(size), 0)::bigint as live, coalesce(sum(count), 0)::bigint as assets
      from (select size, count(*) from assay.asset where pack_id = p.id group by pack_offset, size) places
    ) a
    cross join lateral (select count(*) as parts from assay.upload_part where pack_id = p.id) u
    order by p.id`.execute(trx)
  const orphans: number[] = []
  const sparse: number[] = []
  let moving = 0
  let last = packs.length < limit ? 0 : packs.at(-1)!.id
  for (const { id, bytes, live, assets, parts } of packs) {
    if (assets === 0 && parts === 0) orphans.push(id)
    if (assets === 0 || parts > 0 || live * 2 >= bytes) continue
    sparse.push(id)
    moving += live
    if (moving < maxMovedBytes) continue
    last = id
    break
  }
  await removePacks(trx, orphans)
  return { removed: orphans.length, sparse, last }
}

async function removePacks(trx: Transaction<Schema>, packs: readonly number[]): Promise<void> {
  await sql`delete from assay.content_pack where id = any(${packs}::bigint[])`.execute(trx)
}
