import { type Kysely, sql } from 'kysely'
import type { IncomingPart, StoredPart } from '../../processing/upload-ports.ts'
import type { Schema } from '../schema-types.ts'
import { fixedStatement, type SlotFor } from './fixed-statement.ts'
import { type RowTypes, rowSetOf } from './row-set.ts'
import { type PlaceColumns, placeColumnTypes, placesInPack } from './write-pack.ts'

/**
 * Keeps parts that differ, their bytes as one pack; a part that is there already is replaced. One statement: it needs no transaction. Gives where
 * each is now.
 */
export async function keepParts(db: Kysely<Schema>, parts: readonly IncomingPart[]): Promise<StoredPart[]> {
  const { bytes, places } = placesInPack(parts)
  const rows = parts.map(({ upload, number, size, sha256 }, index) => ({ upload, number, size, sha256, ...places[index]! }))
  const packs = await insert(db, { rows, bytes, hasBytes: parts.some(({ content }) => 'bytes' in content) })
  return parts.map(({ number, size, sha256, content }, index) => {
    return { number, size, sha256, content: 'bytes' in content ? { pack: packs[0]!.id, offset: places[index]!.pack_offset! } : content }
  })
}

interface PartRow extends PlaceColumns {
  readonly upload: string
  readonly number: number
  readonly size: number
  readonly sha256: Uint8Array
}

interface PartGroup {
  readonly rows: readonly PartRow[]
  readonly bytes: Uint8Array
  readonly hasBytes: boolean
}

const insert = fixedStatement((slot: SlotFor<PartGroup>) => {
  const columns: RowTypes<PartRow> = { upload: 'uuid', number: 'integer', size: 'bigint', sha256: 'bytea', ...placeColumnTypes }
  const input = rowSetOf('i', columns, (name) => slot(({ rows }) => rows.map((row) => row[name])))
  return sql<{ id: number }>`
    with pack as (
      insert into assay.content_pack (bytes) select ${slot(({ bytes }) => bytes)}::bytea
      where ${slot(({ hasBytes }) => hasBytes)} returning id
    ), kept as (
      insert into assay.upload_part (upload, number, size, sha256, pack_id, pack_offset, blob_key)
      select upload, number, size, sha256, coalesce(i.pack_id, case when blob_key is null then (select id from pack) end),
        pack_offset, blob_key
      from ${input}
      on conflict (upload, number) do update set size = excluded.size, sha256 = excluded.sha256, pack_id = excluded.pack_id,
        pack_offset = excluded.pack_offset, blob_key = excluded.blob_key, created_at = now()
    )
    select id from pack`
})
