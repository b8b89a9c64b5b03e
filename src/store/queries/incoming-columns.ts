import type { AssetPath } from '../../model/asset-path.ts'
import { assetTypes, typeByExtension } from '../../model/asset-type.ts'
import { foldHash } from '../../model/fold-hash.ts'
import type { IncomingAsset } from '../../processing/ports.ts'
import type { RowTypes } from './row-set.ts'

/** What is known of a content on its way in, but for its place. */
export interface IncomingColumns {
  readonly path: AssetPath
  readonly size: number
  readonly sha256: Uint8Array
  readonly type: number
  readonly media_type: string
  readonly fold_hash: number
  readonly remark: string | null
  readonly actor: string | null
}

/** The same, for a row set. */
export const incomingColumnTypes = {
  path: 'text',
  size: 'bigint',
  sha256: 'bytea',
  type: 'smallint',
  media_type: 'text',
  fold_hash: 'bigint',
  remark: 'text',
  actor: 'text',
} as const satisfies RowTypes<IncomingColumns>

/** The columns of the asset at `path`. */
export function incomingColumns(path: AssetPath, { size, sha256, mediaType, remark, actor }: IncomingAsset): IncomingColumns {
  const type = assetTypes.indexOf(typeByExtension(path))
  return { path, size, sha256, type, media_type: mediaType, fold_hash: foldHash(path), remark: remark ?? null, actor: actor ?? null }
}
