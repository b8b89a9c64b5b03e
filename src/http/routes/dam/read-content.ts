import { ApiError } from '../../../contract/errors.ts'
import { cutPieces } from '../../../processing/byte-pieces.ts'
import type { ContentRow } from '../../../store/queries/find-asset.ts'
import type { HttpServices } from '../../services.ts'

/** The bytes of a content from `from` up to `to` (excluded). Throws an ApiError when a new upload took its place meanwhile. */
export async function readContent(
  services: Pick<HttpServices, 'packs' | 'blobs'>,
  content: ContentRow,
  from: number,
  to: number,
): Promise<Iterable<Uint8Array> | AsyncIterable<Uint8Array>> {
  if (content.blob_key !== null) return piecesOfBlob(services.blobs, content.blob_key, from, to)
  if (from === to) return []
  const bytes = await services.packs.readPart(content.pack_id!, content.pack_offset! + from, to - from)
  if (!bytes) throw new ApiError('unavailable', 'The content was replaced while it was read.', { headers: { 'retry-after': '1' } })
  return [bytes]
}

/** Opened with the first read: nobody would close it for who has gone before that. */
async function* piecesOfBlob(blobs: HttpServices['blobs'], key: string, from: number, to: number): AsyncGenerator<Uint8Array> {
  yield* cutPieces(await blobs.read(key), from, to)
}
