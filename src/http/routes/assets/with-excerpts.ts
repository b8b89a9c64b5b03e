import { assetTypes } from '../../../model/asset-type.ts'
import type { Problem } from '../../../model/problem.ts'
import { type AssetRow, type ContentRow, contentPlace } from '../../../store/queries/find-asset.ts'
import type { HttpServices } from '../../services.ts'

/**
 * The problems with the excerpts of those that were found without the bytes at hand, such as those of references; `null` when the content
 * was replaced meanwhile.
 */
export async function withExcerpts(
  { readExcerpts }: HttpServices,
  asset: AssetRow & ContentRow,
  problems: readonly Problem[],
): Promise<readonly Problem[] | null> {
  const bare = problems.filter(({ line, excerpt }) => line !== null && excerpt === null)
  if (bare.length === 0) return problems
  const content = { id: asset.id, size: asset.size, type: assetTypes[asset.type]!, content: contentPlace(asset) }
  const excerpts = await readExcerpts(
    content,
    bare.map(({ line, column }) => ({ line: line!, column: column ?? 1 })),
  )
  if (!excerpts) return null
  const found = new Map(bare.map((problem, index) => [problem, excerpts[index]!]))
  return problems.map((problem) => (found.has(problem) ? { ...problem, excerpt: found.get(problem)! } : problem))
}
