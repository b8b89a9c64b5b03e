import { sql, type Transaction } from 'kysely'
import { assetStatuses } from '../../model/asset-status.ts'
import type { Schema } from '../schema-types.ts'

interface PackRow {
  readonly id: number
  readonly bytes: number
  /** Bytes that assets refer to; copies of an asset share them. */
  readonly live: number
  readonly assets: number
  readonly parts: number
}

/** What became of a stretch of packs. `last` is the last one looked at, 0 at the end. */
export interface SweptPacks {
  readonly removed: number
  readonly emptied: number
  readonly last: number
}

export interface PackSweep {
  readonly after: number
  readonly graceMs: number
  /** Packs looked at. */
  readonly limit: number
  /** Contents that are moved at most, before the next pack is looked at. */
  readonly maxMovedBytes: number
}

/**
 * Goes through the packs that follow `after` and are older than the grace time. Those that nothing refers to are removed. Of those that are
 * mostly holes the contents are moved together into a new pack; a pack left like that is removed the next time round, so that whoever has
 * just read a place still finds it.
 */
export async function sweepPacks(trx: Transaction<Schema>, { after, graceMs, limit, maxMovedBytes }: PackSweep): Promise<SweptPacks> {
  const { rows: packs } = await sql<PackRow>`
    select p.id, octet_length(p.bytes) as bytes, a.live, a.assets, u.parts from (
      select id, bytes from assay.content_pack
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
  if (sparse.length > 0) await moveContents(trx, sparse)
  return { removed: orphans.length, emptied: sparse.length, last }
}

async function removePacks(trx: Transaction<Schema>, packs: readonly number[]): Promise<void> {
  await sql`delete from assay.content_pack where id = any(${packs}::bigint[])`.execute(trx)
}

/** Of settled assets only: a worker that has claimed one knows its place, and must find the content there. */
async function moveContents(trx: Transaction<Schema>, packs: readonly number[]): Promise<void> {
  const { rows: assets } = await sql<{ id: number }>`
    select id from assay.asset
    where pack_id = any(${packs}::bigint[]) and status in (${assetStatuses.indexOf('SUCCESS')}, ${assetStatuses.indexOf('FAILURE')})
    order by id for update`.execute(trx)
  if (assets.length === 0) return
  const ids = assets.map(({ id }) => id)
  const { rows } = await sql<{ bytes: number; expected: number }>`
    with places as (
      select distinct pack_id, pack_offset, size from assay.asset where id = any(${ids}::bigint[])
    ), moved as (
      select *, sum(size) over (order by pack_id, pack_offset, size) - size as new_offset from places
    ), made as (
      insert into assay.content_pack (bytes)
      select string_agg(substring(p.bytes from m.pack_offset + 1 for m.size::integer), ''::bytea order by m.pack_id, m.pack_offset, m.size)
      from moved m join assay.content_pack p on p.id = m.pack_id
      returning id, octet_length(bytes) as bytes
    ), placed as (
      update assay.asset a set pack_id = made.id, pack_offset = m.new_offset from moved m, made
      where a.id = any(${ids}::bigint[]) and a.pack_id = m.pack_id and a.pack_offset = m.pack_offset and a.size = m.size
    )
    select bytes, (select sum(size)::bigint from places) as expected from made`.execute(trx)
  const { bytes, expected } = rows[0]!
  if (bytes !== expected) throw new Error(`Packs ${packs} hold ${bytes} bytes of their assets' ${expected}.`)
}
