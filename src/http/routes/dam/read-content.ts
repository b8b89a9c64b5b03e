import { ApiError } from '../../../contract/errors.ts'
import { cutPieces } from '../../../processing/byte-pieces.ts'
import { type AssetRow, type ContentRow, findAssetByUuid } from '../../../store/queries/find-asset.ts'
import type { HttpServices } from '../../services.ts'

type Content = AssetRow & ContentRow

/**
 * The bytes of a content from `from` up to `to` (excluded). Throws an ApiError when a new upload took its place meanwhile, and when it is
 * not in the storage, or not all of it: that is known before anything is sent.
 */
export async function readContent(
  services: Pick<HttpServices, 'packs' | 'blobs' | 'database'>,
  content: Content,
  from: number,
  to: number,
): Promise<Iterable<Uint8Array> | AsyncIterable<Uint8Array>> {
  if (content.blob_key !== null) {
    const size = await services.blobs.sizeOf(content.blob_key)
    if (size !== content.size) throw await reasonFor(services, content, size)
    return piecesOfBlob(services.blobs, content.blob_key, from, to)
  }
  if (from === to) return []
  const bytes = await services.packs.readPart(content.pack_id!, content.pack_offset! + from, to - from)
  if (bytes?.length !== to - from) throw await reasonFor(services, content, null)
  return [bytes]
}

/** Opened with the first read: nobody would close it for who has gone before that. */
async function* piecesOfBlob(blobs: HttpServices['blobs'], key: string, from: number, to: number): AsyncGenerator<Uint8Array> {
  yield* cutPieces(await blobs.read(key), from, to)
}

/** Who reads a place after its asset has left it finds nothing there; where the asset has not left it, it should be there. */
async function reasonFor({ database }: Pick<HttpServices, 'database'>, content: Content, sizeThere: number | null): Promise<ApiError> {
  const now = await findAssetByUuid(database.kysely, content.uuid)
  const isThere = now?.blob_key === content.blob_key && now.pack_id === content.pack_id && now.pack_offset === content.pack_offset
  if (!isThere) return new ApiError('unavailable', 'The content was replaced while it was read.', { headers: { 'retry-after': '1' } })
  const left = sizeThere === null ? 'is not in the storage' : `has ${sizeThere} of its ${content.size} bytes in the storage`
  return new ApiError('contentLost', `The content of ${content.path} (${content.uuid}) ${left}.`)
}
