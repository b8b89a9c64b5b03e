import { type Kysely, sql } from 'kysely'
import type { IncomingPart } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'

/** Keeps parts that differ, their bytes as one pack; a part that is there already is replaced. One statement: it needs no transaction. */
export async function keepParts(db: Kysely<Schema>, parts: readonly IncomingPart[]): Promise<void> {
  let offset = 0
  const rows = parts.map(({ upload, number, size, sha256, content }) => {
    const row = { upload, number, size, sha256: Buffer.from(sha256).toString('hex'), ...placeOf(content, offset) }
    if ('bytes' in content) offset += size
    return row
  })
  const small = parts.flatMap(({ content }) => ('bytes' in content ? [content.bytes] : []))
  await sql`
    with pack as (
      insert into assay.content_pack (bytes) select ${Buffer.concat(small)}::bytea where ${small.length > 0} returning id
    )
    insert into assay.upload_part (upload, number, size, sha256, pack_id, pack_offset, blob_key)
    select upload, number, size, decode(sha256, 'hex'), coalesce(i.pack_id, case when blob_key is null then (select id from pack) end),
      pack_offset, blob_key
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as i(upload uuid, number integer, size bigint, sha256 text,
      pack_id bigint, pack_offset integer, blob_key text)
    on conflict (upload, number) do update set size = excluded.size, sha256 = excluded.sha256, pack_id = excluded.pack_id,
      pack_offset = excluded.pack_offset, blob_key = excluded.blob_key, created_at = now()`.execute(db)
}

/** `pack_id` is left out where the pack is made by the same statement. */
function placeOf(content: IncomingPart['content'], offset: number) {
  if ('blob' in content) return { blob_key: content.blob }
  return 'pack' in content ? { pack_id: content.pack, pack_offset: content.offset } : { pack_offset: offset }
}
