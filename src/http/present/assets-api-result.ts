import { STATUS_CODES } from 'node:http'
import type { AssetsApiResult } from '../../contract/dam/assets-api.ts'
import { type AssetPath, parentOf, repositoryRoot } from '../../model/asset-path.ts'
import { urlPathOf } from '../url-path.ts'

/** The address of a path of the repository in the Assets HTTP API, percent-encoded. */
export function assetsApiAddress(path: string): string {
  return urlPathOf(`/api/assets${path.slice(repositoryRoot.length)}`)
}

/** The answer of the Assets HTTP API to a change at `path`. */
export function presentAssetsApiResult(path: AssetPath, status: number): AssetsApiResult {
  return {
    class: 'core/response',
    properties: {
      path: `/api/assets${path.slice(repositoryRoot.length)}`,
      location: `${assetsApiAddress(path)}.json`,
      parentLocation: `${assetsApiAddress(parentOf(path))}.json`,
      'status.code': status,
      'status.message': STATUS_CODES[status] ?? '',
    },
  }
}
