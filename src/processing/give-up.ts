import type { BlobStore } from './content-ports.ts'
import type { AssetStore, ClaimedAsset, PostProcessOrder, Reader } from './ports.ts'

/**
 * Ends assets whose queue job has used up its tries: FAILURE with the reason, instead of PENDING for ever. Assets that were settled or
 * received again meanwhile are left alone. Where the storage still does not give the content, that is the reason.
 */
export async function giveUp(
  { store, blobs, reader }: { readonly store: AssetStore; readonly blobs: Pick<BlobStore, 'read'>; readonly reader: Reader },
  orders: readonly PostProcessOrder[],
  reason: string,
): Promise<void> {
  const claimed = await store.claim(orders)
  const readable = await Promise.all(claimed.map((asset) => isReadable(blobs, asset)))
  const settlements = claimed.map((claim, index) => ({
    claim,
    reading: reader.fail(claim.path, readable[index] ? 'PROCESSING_CRASHED' : 'CONTENT_UNREADABLE', reason),
    resolution: { id: claim.id, states: '', problems: '[]', problemCounts: { error: 0, warning: 0, info: 0 }, wanted: [] },
  }))
  if (settlements.length > 0) await store.settle(settlements)
}

/** Looks at no more than the beginning. What lies in the database can be read whenever this runs at all. */
async function isReadable(blobs: Pick<BlobStore, 'read'>, { content }: ClaimedAsset): Promise<boolean> {
  if (!('blob' in content)) return true
  try {
    for await (const _piece of await blobs.read(content.blob)) break
    return true
  } catch {
    return false
  }
}
