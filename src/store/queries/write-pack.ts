import type { Transaction } from 'kysely'
import type { NewContent } from '../../processing/content-ports.ts'
import type { Schema } from '../schema-types.ts'
import type { RowTypes } from './row-set.ts'

/** Where a content is, as columns. */
export interface PlaceColumns {
  readonly pack_id: number | null
  readonly pack_offset: number | null
  readonly blob_key: string | null
}

/** The same, for a row set. */
export const placeColumnTypes = { pack_id: 'bigint', pack_offset: 'integer', blob_key: 'text' } as const satisfies RowTypes<PlaceColumns>

type Stored = { readonly content: NewContent; readonly size: number }

/** The bytes among the contents one after another, as a pack, and where each content is, in the order given: `pack_id` is missing for those in it. */
export function placesInPack(contents: readonly Stored[]): { readonly bytes: Buffer; readonly places: readonly PlaceColumns[] } {
  const bytes = Buffer.concat(contents.flatMap(({ content }) => ('bytes' in content ? [content.bytes] : [])))
  let offset = 0
  const places = contents.map(({ content, size }) => {
    if ('blob' in content) return { pack_id: null, pack_offset: null, blob_key: content.blob }
    if ('pack' in content) return { pack_id: content.pack, pack_offset: content.offset, blob_key: null }
    const place = { pack_id: null, pack_offset: offset, blob_key: null }
    offset += size
    return place
  })
  return { bytes, places }
}

/** Writes the bytes among the contents as one pack, and says of each content where it is, in the order given. */
export async function writePack(trx: Transaction<Schema>, contents: readonly Stored[]): Promise<PlaceColumns[]> {
  const { bytes, places } = placesInPack(contents)
  if (!contents.some(({ content }) => 'bytes' in content)) return [...places]
  const pack = await trx.insertInto('assay.content_pack').values({ bytes }).returning('id').executeTakeFirstOrThrow()
  return places.map((place) => (place.pack_id === null && place.blob_key === null ? { ...place, pack_id: pack.id } : place))
}
