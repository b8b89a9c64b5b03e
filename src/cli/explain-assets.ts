import type { Client } from '../client/index.ts'
import type { ListedAsset } from '../contract/guides/status-job.ts'
import type { AssetDetail, AssetSummary } from '../contract/native/asset.ts'
import { parseAssetPath, pathKey } from '../model/asset-path.ts'
import { explanationsAtOnce, maxExplainedAssets } from '../model/client-limits.ts'
import { inParallel } from './in-parallel.ts'
import type { ReportedAsset } from './output/status-report.ts'

/**
 * Fetches the reasons of at most `maxExplainedAssets` assets, in their order. A server without reasons is asked once; an asset that went
 * away meanwhile comes without.
 */
export async function explainAssets(client: Client, assets: readonly ListedAsset[]): Promise<ReportedAsset[]> {
  const chosen = assets.slice(0, maxExplainedAssets)
  const details = new Map<ListedAsset, AssetDetail | undefined>()
  let silent = false
  await inParallel(chosen, explanationsAtOnce, async (listed) => {
    if (silent || listed.exists === false) return
    const detail = await client.explain(listed.path).catch(ignoreGone)
    if (detail === undefined) silent = true
    else if (detail !== null) details.set(listed, detail)
  })
  return chosen.map((listed) => ({ listed, detail: details.get(listed) }))
}

function ignoreGone(error: unknown): null {
  if (error instanceof Error && 'kind' in error && error.kind === 'not-found') return null
  throw error
}

/**
 * Those of the listed assets that succeeded with warnings. The server's listing of each path tells them without asking for every asset; an
 * asset that was named itself is in no listing and is asked for. None where the server has neither.
 */
export async function findWarned(client: Client, paths: readonly string[], assets: readonly ListedAsset[]): Promise<ListedAsset[]> {
  const succeeded = assets.filter((asset) => asset.status === 'SUCCESS')
  const named = new Set(paths.map((path) => pathKey(parseAssetPath(path))))
  const explained = await explainAssets(
    client,
    succeeded.filter((asset) => named.has(pathKey(asset.path))),
  )
  const warned = new Set<string>()
  const note = ({ path, problemCounts }: AssetSummary) => problemCounts.warning > 0 && warned.add(path)
  for (const { detail } of explained) if (detail) note(detail)
  for (const path of paths) await client.scanAssets(path, note)
  return succeeded.filter((asset) => warned.has(asset.path))
}
