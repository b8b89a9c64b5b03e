import type { Kysely } from 'kysely'
import { pathKey } from '../../model/asset-path.ts'
import { foldHash } from '../../model/fold-hash.ts'
import type { Schema } from '../schema-types.ts'
import { assetColumns } from './find-asset.ts'
import type { DescribedAssetRow, FolderRow } from './list-children.ts'

/** The asset or the folder at a path in any Unicode form of it, with what was said about it; `null` when neither is there. */
export async function findDescribed(
  db: Kysely<Schema>,
  path: string,
): Promise<{ readonly asset: DescribedAssetRow } | { readonly folder: FolderRow } | null> {
  const key = pathKey(path)
  const folders = await db
    .selectFrom('assay.folder')
    .where('fold_hash', '=', foldHash(path))
    .select(['path', 'created_at', 'properties'])
    .execute()
  const folder = folders.find((row) => pathKey(row.path) === key)
  if (folder) return { folder }
  const assets = await db
    .selectFrom('assay.asset')
    .where('fold_hash', '=', foldHash(path))
    .select([...assetColumns, 'properties'])
    .execute()
  const asset = assets.find((row) => pathKey(row.path) === key)
  return asset ? { asset } : null
}
