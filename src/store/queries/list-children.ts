import { type Kysely, type Selectable, sql } from 'kysely'
import type { FolderTable, Schema } from '../schema-types.ts'
import { type AssetRow, assetColumns } from './find-asset.ts'

/** A folder with what callers say about it. */
export type FolderRow = Pick<Selectable<FolderTable>, 'path' | 'created_at' | 'properties'>

/** An asset with what callers say about it. */
export type DescribedAssetRow = AssetRow & { readonly properties: string | null }

/** A page of what is directly in a folder: its folders, then its assets, each by path. */
export interface ChildrenPage {
  readonly total: number
  readonly folders: readonly FolderRow[]
  readonly assets: readonly DescribedAssetRow[]
}

/** A page of the children of a folder in its stored spelling. At most three statements. */
export async function listChildren(db: Kysely<Schema>, folder: string, offset: number, limit: number): Promise<ChildrenPage> {
  const { rows: counts } = await sql<{ folders: number; assets: number }>`
    select (select count(*) from assay.folder where ${isChild(folder)}) as folders,
      (select count(*) from assay.asset where ${isChild(folder)}) as assets`.execute(db)
  const { folders: folderCount, assets: assetCount } = counts[0]!
  const fromFolders = Math.max(0, Math.min(limit, folderCount - offset))
  const fromAssets = limit - fromFolders
  const folders =
    fromFolders === 0
      ? []
      : await db
          .selectFrom('assay.folder')
          .where(isChild(folder))
          .select(['path', 'created_at', 'properties'])
          .orderBy('path')
          .offset(offset)
          .limit(fromFolders)
          .execute()
  const assets =
    fromAssets === 0
      ? []
      : await db
          .selectFrom('assay.asset')
          .where(isChild(folder))
          .select([...assetColumns, 'properties'])
          .orderBy('path')
          .offset(Math.max(0, offset - folderCount))
          .limit(fromAssets)
          .execute()
  return { total: folderCount + assetCount, folders, assets }
}

function isChild(folder: string) {
  const below = `${folder}/`
  return sql<boolean>`path > ${below} and path < ${`${folder}0`} and position('/' in substr(path, char_length(${below}) + 1)) = 0`
}
