import { textOf } from '../../../processing/stored-text.ts'
import type { AssetRow } from '../../../store/queries/find-asset.ts'
import type { AssetResultRow } from '../../../store/queries/read-asset-result.ts'
import type { HttpServices } from '../../services.ts'

/**
 * An asset and its result, with its references as they stand at this moment where a pass over changed targets is behind; `null` when the
 * asset has another result by now.
 */
export async function caughtUp<Asset extends AssetRow>(
  { resolveNow }: HttpServices,
  asset: Asset,
  result: AssetResultRow,
): Promise<{ readonly asset: Asset; readonly result: AssetResultRow } | null> {
  if (!result.is_behind) return { asset, result }
  const now = await resolveNow(asset.id, asset.revision)
  if (!now) return null
  const { warning, info } = now.problemCounts
  return {
    asset: { ...asset, warning_count: result.own_warnings + warning, info_count: result.own_infos + info },
    result: { ...result, reference_states: textOf(now.states), reference_problems: textOf(now.problems) },
  }
}
