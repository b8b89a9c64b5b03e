import type { AssetPath } from '../../model/asset-path.ts'
import { assetTypes, typeByExtension } from '../../model/asset-type.ts'
import { foldHash } from '../../model/fold-hash.ts'
import type { IncomingAsset } from '../../processing/ports.ts'

/** What is known of a content on its way in, but for its place, as columns of the asset at `path`. The SHA-256 in hex, for JSON. */
export function assetColumns(path: AssetPath, { size, sha256, mediaType, remark }: IncomingAsset) {
  const type = assetTypes.indexOf(typeByExtension(path))
  return {
    path,
    size,
    sha256: Buffer.from(sha256).toString('hex'),
    type,
    media_type: mediaType,
    fold_hash: foldHash(path),
    remark: remark ?? null,
  }
}
