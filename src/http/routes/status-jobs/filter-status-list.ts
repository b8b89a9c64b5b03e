import type { ListedAsset } from '../../../contract/guides/status-job.ts'
import { type AssetStatus, assetStatuses } from '../../../model/asset-status.ts'
import type { StatusListChunk } from '../../../store/queries/read-status-list.ts'

/** Which part of a finished list is wanted: `statuses` are different ones; `limit` `null`: to the end. */
export interface ListFilter {
  readonly statuses: readonly AssetStatus[]
  readonly offset: number
  readonly limit: number | null
}

/** How many assets of the list have one of the statuses: from the counts of the pieces, without reading any. */
export function countMatching(chunks: readonly StatusListChunk[], { statuses }: ListFilter): number {
  return chunks.reduce((sum, chunk) => sum + matchingIn(chunk, statuses), 0)
}

/** The pieces that hold something of the wanted part, each with the slice of its matching assets that belongs to it. */
export function selectChunks(
  chunks: readonly StatusListChunk[],
  { statuses, offset, limit }: ListFilter,
): { readonly number: number; readonly from: number; readonly to: number }[] {
  const end = limit === null ? Number.POSITIVE_INFINITY : offset + limit
  const selected = []
  let before = 0
  for (const chunk of chunks) {
    const matching = matchingIn(chunk, statuses)
    const from = Math.max(0, offset - before)
    const to = Math.min(matching, end - before)
    if (from < to) selected.push({ number: chunk.number, from, to })
    before += matching
  }
  return selected
}

/** The assets of a piece that have one of the statuses. */
export function matchingAssets(piece: string, statuses: readonly AssetStatus[]): ListedAsset[] {
  const assets: ListedAsset[] = JSON.parse(`[${piece.startsWith(',') ? piece.slice(1) : piece}]`)
  return statuses.length >= assetStatuses.length ? assets : assets.filter((asset) => statuses.includes(asset.status))
}

function matchingIn(chunk: StatusListChunk, statuses: readonly AssetStatus[]): number {
  return assetStatuses.reduce((sum, status, index) => sum + (statuses.includes(status) ? (chunk.counts[index] ?? 0) : 0), 0)
}
