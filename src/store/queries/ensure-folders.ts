import { type Kysely, sql } from 'kysely'
import { type AssetPath, nameOf, parentOf, pathKey } from '../../model/asset-path.ts'
import { foldHash } from '../../model/fold-hash.ts'
import type { Schema } from '../schema-types.ts'
import type { StoredPath } from './find-stored-paths.ts'

/** The folders above `path`, outermost first, without the root `/`. */
export function foldersAbove(path: AssetPath): AssetPath[] {
  const folders: AssetPath[] = []
  for (let folder = parentOf(path); folder !== '/'; folder = parentOf(folder)) folders.unshift(folder)
  return folders
}

/** `path` in the spelling under which it, or as much of it as exists, is stored already. */
export function storedSpelling(path: AssetPath, stored: ReadonlyMap<string, StoredPath>): AssetPath {
  const exact = stored.get(pathKey(path))
  if (exact) return exact.path as AssetPath
  const parent = parentOf(path)
  if (parent === '/') return path
  return `${storedSpelling(parent, stored)}/${nameOf(path)}` as AssetPath
}

/** Creates the given folders and all above them where they are missing. Returns the paths created. */
export async function ensureFolders(db: Kysely<Schema>, folders: readonly AssetPath[]): Promise<string[]> {
  const paths = [...new Set(folders.flatMap((folder) => [...foldersAbove(folder), folder]))].filter((path) => path !== '/')
  if (paths.length === 0) return []
  // In one order everywhere, so that two nodes creating the same folders never wait for one another in a circle.
  paths.sort()
  const { rows } = await sql<{ path: string }>`
    insert into assay.folder (path, fold_hash)
    select * from unnest(${paths}::text[], ${paths.map(foldHash)}::bigint[])
    on conflict (path) do nothing returning path`.execute(db)
  return rows.map((row) => row.path)
}
