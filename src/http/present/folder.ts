import type { FolderListing, FolderSummary } from '../../contract/native/folder.ts'
import { nameOf } from '../../model/asset-path.ts'
import { assetStatuses } from '../../model/asset-status.ts'
import type { ChildCount } from '../../store/queries/list-folder-children.ts'

/** A folder with its subfolders from the counts of all assets below it. */
export function presentFolder(path: string, names: readonly string[], counts: readonly ChildCount[]): FolderListing {
  const byChild = Map.groupBy(counts, (count) => count.child)
  const below = path === '/' ? '' : path
  const folders = names.map((name) => summarise(`${below}/${name}`, byChild.get(name) ?? []))
  return { ...summarise(path, counts), folders }
}

function summarise(path: string, counts: readonly ChildCount[]): FolderSummary {
  const statusCounts = { PENDING: 0, PROCESSING: 0, SUCCESS: 0, FAILURE: 0 }
  let ignored = 0
  for (const { status, is_ignored, assets } of counts) {
    if (is_ignored) ignored += assets
    else statusCounts[assetStatuses[status]!] += assets
  }
  const assets = Object.values(statusCounts).reduce((sum, count) => sum + count, ignored)
  return { path, name: nameOf(path), assets, ignored, statusCounts }
}
