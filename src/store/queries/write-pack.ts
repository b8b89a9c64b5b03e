import type { Transaction } from 'kysely'
import type { NewContent } from '../../processing/ports.ts'
import type { Schema } from '../schema-types.ts'

/** Where a content is, as columns. */
export interface PlaceColumns {
  readonly pack_id: number | null
  readonly pack_offset: number | null
  readonly blob_key: string | null
}

/** Writes the bytes among the contents as one pack, and says of each content where it is, in the order given. */
export async function writePack(
  trx: Transaction<Schema>,
  contents: readonly { readonly content: NewContent; readonly size: number }[],
): Promise<PlaceColumns[]> {
  const small = contents.flatMap(({ content }) => ('bytes' in content ? [content.bytes] : []))
  let pack: number | null = null
  if (small.length > 0) {
    const inserted = await trx
      .insertInto('assay.content_pack')
      .values({ bytes: Buffer.concat(small) })
      .returning('id')
      .executeTakeFirstOrThrow()
    pack = inserted.id
  }
  let offset = 0
  return contents.map(({ content, size }) => {
    if ('blob' in content) return { pack_id: null, pack_offset: null, blob_key: content.blob }
    if ('pack' in content) return { pack_id: content.pack, pack_offset: content.offset, blob_key: null }
    const place = { pack_id: pack, pack_offset: offset, blob_key: null }
    offset += size
    return place
  })
}
