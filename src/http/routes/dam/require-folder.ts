import { ApiError } from '../../../contract/errors.ts'
import { type AssetPath, pathKey } from '../../../model/asset-path.ts'
import { findStoredPaths } from '../../../store/queries/find-stored-paths.ts'
import type { HttpServices } from '../../services.ts'

/** Throws an ApiError unless a folder is at the path. */
export async function requireFolder({ database }: Pick<HttpServices, 'database'>, path: AssetPath): Promise<void> {
  const stored = (await findStoredPaths(database.kysely, [path])).get(pathKey(path))
  if (stored?.kind === 'folder') return
  throw new ApiError('folderNotFound', stored ? 'An asset is at this path.' : 'No folder is at this path: create it first.')
}
