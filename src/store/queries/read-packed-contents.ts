import { type Kysely, sql } from 'kysely'
import type { StoredContent } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'

/** The part of one pack that holds all wanted contents: from the first byte wanted to the last. */
interface Span {
  readonly pack: number
  readonly lo: number
  readonly hi: number
}

/**
 * The contents of assets that are kept in packs, by asset id; missing for an asset whose pack is gone. One query; each pack is read
 * once, and only its wanted span (packs are stored uncompressed, so that `substring` reads no other pages). The contents are views.
 */
export async function readPackedContents(db: Kysely<Schema>, assets: readonly StoredContent[]): Promise<Map<number, Uint8Array>> {
  const spans = spansOf(assets)
  if (spans.length === 0) return new Map()
  const { rows } = await sql<{ pack: number; lo: number; bytes: Uint8Array }>`
    select w.pack, w.lo, substring(p.bytes from w.lo + 1 for w.hi - w.lo) as bytes
    from unnest(${spans.map((span) => span.pack)}::bigint[], ${spans.map((span) => span.lo)}::integer[],
      ${spans.map((span) => span.hi)}::integer[]) as w(pack, lo, hi)
    join assay.content_pack p on p.id = w.pack`.execute(db)
  const found = new Map(rows.map((row) => [row.pack, row]))
  const contents = new Map<number, Uint8Array>()
  for (const asset of assets) {
    const pack = 'pack' in asset.content ? found.get(asset.content.pack) : undefined
    if (!pack || !('pack' in asset.content)) continue
    const start = asset.content.offset - pack.lo
    contents.set(asset.id, pack.bytes.subarray(start, start + asset.size))
  }
  return contents
}

function spansOf(assets: readonly StoredContent[]): Span[] {
  const spans = new Map<number, Span>()
  for (const { content, size } of assets) {
    if (!('pack' in content)) continue
    const { pack, offset } = content
    const span = spans.get(pack) ?? { pack, lo: offset, hi: offset }
    spans.set(pack, { pack, lo: Math.min(span.lo, offset), hi: Math.max(span.hi, offset + size) })
  }
  return [...spans.values()]
}
