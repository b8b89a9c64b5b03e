import { sql } from 'kysely'
import { minBlobPackBytes } from '../model/limits.ts'
import { onePiece } from '../processing/byte-pieces.ts'
import { type BlobStore, ContentMissingError, type StoredContent } from '../processing/content-ports.ts'
import type { DatabaseConnection } from './database.ts'

/** Where the bytes of a pack are, as columns. */
export interface PackColumns {
  readonly bytes: Uint8Array | null
  readonly blob_key: string | null
  readonly blob_size: number | null
}

/** Contents one after another, stored together: in the database, or as a blob. */
export interface Packs {
  /** What the row of a pack says about its bytes. Those of a large one are durable in the blob store now, if the database is the embedded one. */
  place(bytes: Uint8Array): Promise<PackColumns>
  /**
   * The contents of assets by asset id; missing for an asset whose pack is gone. One query; each pack is read once, and only from the first byte
   * wanted to the last. The contents are views. Rejects with `ContentStoreUnavailableError` where the blob store cannot be read just now.
   */
  readContents(assets: readonly StoredContent[]): Promise<Map<number, Uint8Array>>
  /** `length` bytes of a pack from `offset`, or `null` when the pack is gone (its asset has another content by now). */
  readPart(pack: number, offset: number, length: number): Promise<Uint8Array | null>
}

/** The part of one pack that holds all wanted contents: from the first byte wanted to the last. */
interface Span {
  readonly pack: number
  readonly lo: number
  readonly hi: number
}

/** Packs in the database are stored uncompressed, so that `substring` reads no other pages than those wanted. */
export function createPacks({ forBytes, engine }: DatabaseConnection, blobs: Pick<BlobStore, 'write' | 'readPart'>): Packs {
  /** A blob that somebody has removed keeps no other content from being read. */
  const readIfThere = (key: string, offset: number, length: number) =>
    blobs.readPart(key, offset, length).catch((error: unknown) => {
      if (error instanceof ContentMissingError) return null
      throw error
    })

  async function readSpans(spans: readonly Span[]): Promise<Map<number, Uint8Array>> {
    if (spans.length === 0) return new Map()
    const { rows } = await sql<{ pack: number; blob_key: string | null; bytes: Uint8Array | null }>`
      select w.pack, p.blob_key, substring(p.bytes from w.lo + 1 for w.hi - w.lo) as bytes
      from unnest(${spans.map((span) => span.pack)}::bigint[], ${spans.map((span) => span.lo)}::integer[],
        ${spans.map((span) => span.hi)}::integer[]) as w(pack, lo, hi)
      join assay.content_pack p on p.id = w.pack`.execute(forBytes)
    const spanOf = new Map(spans.map((span) => [span.pack, span]))
    const found = new Map<number, Uint8Array>()
    const read = async ({ pack, blob_key, bytes }: (typeof rows)[number]) => {
      const { lo, hi } = spanOf.get(pack)!
      const part = blob_key === null ? bytes : await readIfThere(blob_key, lo, hi - lo)
      if (part) found.set(pack, part)
    }
    await Promise.all(rows.map(read))
    return found
  }

  return {
    async place(bytes) {
      // The nodes of a cluster share its database; they need not share a folder, and a round trip to S3 is longer than a commit.
      if (engine !== 'pglite' || bytes.length < minBlobPackBytes) return { bytes, blob_key: null, blob_size: null }
      const { key, size } = await blobs.write(onePiece(bytes), bytes.length)
      return { bytes: null, blob_key: key, blob_size: size }
    },
    async readContents(assets) {
      const spans = spansOf(assets)
      const found = await readSpans([...spans.values()])
      const contents = new Map<number, Uint8Array>()
      for (const { id, content, size } of assets) {
        if (!('pack' in content)) continue
        const start = content.offset - spans.get(content.pack)!.lo
        const bytes = found.get(content.pack)?.subarray(start, start + size)
        if (bytes) contents.set(id, bytes)
      }
      return contents
    },
    async readPart(pack, offset, length) {
      return (await readSpans([{ pack, lo: offset, hi: offset + length }])).get(pack) ?? null
    },
  }
}

function spansOf(assets: readonly StoredContent[]): ReadonlyMap<number, Span> {
  const spans = new Map<number, Span>()
  for (const { content, size } of assets) {
    if (!('pack' in content)) continue
    const { pack, offset } = content
    const span = spans.get(pack) ?? { pack, lo: offset, hi: offset }
    spans.set(pack, { pack, lo: Math.min(span.lo, offset), hi: Math.max(span.hi, offset + size) })
  }
  return spans
}
