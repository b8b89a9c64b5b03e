import type { Kysely, Selectable } from 'kysely'
import { pathKey } from '../../model/asset-path.ts'
import { foldHash } from '../../model/fold-hash.ts'
import type { ContentPlace } from '../../processing/content-ports.ts'
import type { AssetTable, Schema } from '../schema-types.ts'

/** The columns of an asset that answers are made of. */
export const assetColumns = [
  'id',
  'uuid',
  'path',
  'fold_hash',
  'revision',
  'status',
  'type',
  'size',
  'sha256',
  'media_type',
  'title',
  'error_count',
  'warning_count',
  'info_count',
  'created_at',
  'received_at',
  'settled_at',
  'is_ignored',
] as const

export type AssetRow = Pick<Selectable<AssetTable>, (typeof assetColumns)[number]>

const contentColumns = ['pack_id', 'pack_offset', 'blob_key'] as const

/** Where the content of an asset is. */
export type ContentRow = Pick<Selectable<AssetTable>, (typeof contentColumns)[number]>

/** The asset at a path in any Unicode form of it, or `null`. */
export async function findAssetByPath(db: Kysely<Schema>, path: string): Promise<(AssetRow & ContentRow) | null> {
  const rows = await db
    .selectFrom('assay.asset')
    .where('fold_hash', '=', foldHash(path))
    .select([...assetColumns, ...contentColumns])
    .execute()
  const key = pathKey(path)
  return rows.find((row) => row.path === path) ?? rows.find((row) => pathKey(row.path) === key) ?? null
}

/** The asset with this identity, or `null`. */
export async function findAssetByUuid(db: Kysely<Schema>, uuid: string): Promise<(AssetRow & ContentRow) | null> {
  const row = await db
    .selectFrom('assay.asset')
    .where('uuid', '=', uuid)
    .select([...assetColumns, ...contentColumns])
    .executeTakeFirst()
  return row ?? null
}

/** The place that the columns of a row say. */
export function contentPlace({ pack_id, pack_offset, blob_key }: ContentRow): ContentPlace {
  return blob_key === null ? { pack: pack_id!, offset: pack_offset! } : { blob: blob_key }
}
