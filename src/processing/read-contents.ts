import { maxDocumentBytes } from '../model/document-limits.ts'
import { contentHeadBytes } from '../model/limits.ts'
import type { BlobStore } from './content-ports.ts'
import { ContentMissingError, ContentStoreUnavailableError } from './content-ports.ts'
import type { AssetReading, AssetStore, ClaimedAsset, ContentToRead, Reader } from './ports.ts'

/** Assets that are read and held in memory together. Suspects: a worker died with them at hand, so one of them may be what ended it. */
export interface PartToRead {
  readonly assets: readonly ClaimedAsset[]
  readonly areSuspects: boolean
}

/** What became of a part of a batch. */
export interface ReadPart {
  /** Read, or found to be unreadable for good. */
  readonly assets: readonly ClaimedAsset[]
  /** Parallel to `assets`. */
  readonly readings: readonly AssetReading[]
  /** Why the others could not be read just now. */
  readonly troubles: readonly ContentStoreUnavailableError[]
}

/**
 * Reads the contents of claimed assets. A content that is missing or cut off ends its asset, with a reason that names nothing of the
 * server. Any other trouble of the storage passes perhaps: such an asset is left out, and its neighbours are read all the same.
 */
export async function readContents(
  { store, blobs, reader }: { readonly store: AssetStore; readonly blobs: BlobStore; readonly reader: Reader },
  { assets: part, areSuspects }: PartToRead,
  signal: AbortSignal,
): Promise<ReadPart> {
  const readings = new Map<ClaimedAsset, AssetReading>()
  const contents = new Map<ClaimedAsset, ContentToRead>()
  const troubles: ContentStoreUnavailableError[] = []
  const packed = await store.readPacked(part)
  const take = async (asset: ClaimedAsset) => {
    const { id, path, size, content } = asset
    try {
      const bytes = 'blob' in content ? await readBlob(blobs, content.blob, size) : packed.get(id)
      if (!bytes) readings.set(asset, reader.fail(path, 'CONTENT_UNREADABLE', 'it is missing in the database'))
      else if (bytes.length < Math.min(size, contentHeadBytes) || (size <= maxDocumentBytes && bytes.length !== size)) {
        readings.set(asset, reader.fail(path, 'CONTENT_UNREADABLE', `${bytes.length} of its ${size} bytes are left`))
      } else contents.set(asset, { id, path, size, bytes })
    } catch (error) {
      if (error instanceof ContentMissingError) readings.set(asset, reader.fail(path, 'CONTENT_UNREADABLE', 'it is missing in the storage'))
      else troubles.push(error instanceof ContentStoreUnavailableError ? error : new ContentStoreUnavailableError({ cause: error }))
    }
  }
  await Promise.all(part.map(take))
  const read = await (areSuspects ? reader.readApart([...contents.values()], signal) : reader.read([...contents.values()]))
  for (const [index, asset] of [...contents.keys()].entries()) readings.set(asset, read[index]!)
  const assets = part.filter((asset) => readings.has(asset))
  return { assets, readings: assets.map((asset) => readings.get(asset)!), troubles }
}

/** The whole content, or of one too large to be parsed its beginning. */
function readBlob(blobs: BlobStore, key: string, size: number): Promise<Uint8Array> {
  return size <= maxDocumentBytes ? blobs.readAll(key) : blobs.readPart(key, 0, contentHeadBytes)
}
