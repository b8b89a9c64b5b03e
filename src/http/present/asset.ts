import type { AssetSummary } from '../../contract/native/asset.ts'
import { assetStatuses, isFinal } from '../../model/asset-status.ts'
import { assetTypes } from '../../model/asset-type.ts'
import type { AssetRow } from '../../store/queries/find-asset.ts'

/** The one place where an asset's row becomes what answers show. */
export function presentAsset(row: AssetRow): AssetSummary {
  const status = assetStatuses[row.status]!
  // The row keeps the counts of the last result until the next one; they say nothing about a revision that waits.
  const counts = isFinal(status) ? row : { error_count: 0, warning_count: 0, info_count: 0 }
  return {
    uuid: row.uuid,
    path: row.path,
    type: assetTypes[row.type]!,
    status,
    ignored: row.is_ignored,
    revision: row.revision,
    title: row.title,
    size: row.size,
    sha256: Buffer.from(row.sha256).toString('hex'),
    mediaType: row.media_type,
    problemCounts: { error: counts.error_count, warning: counts.warning_count, info: counts.info_count },
    createdAt: row.created_at.toISOString(),
    receivedAt: row.received_at.toISOString(),
    settledAt: row.settled_at?.toISOString() ?? null,
  }
}
