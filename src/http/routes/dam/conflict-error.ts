import { ApiError } from '../../../contract/errors.ts'
import type { Receipt } from '../../../processing/ports.ts'

/** Why a content was not received at its path: the answer to `Receipt.conflict`. */
export function conflictError(conflict: Receipt['conflict']): ApiError {
  if (conflict === 'folder-at-path') return new ApiError('conflict', 'A folder is at this path.')
  if (conflict === 'asset-above-path') return new ApiError('conflict', 'An asset is where the folder of this path would have to be.')
  if (conflict === 'precondition') return new ApiError('preconditionFailed', 'The path does not hold what the request demands.')
  return new ApiError('preconditionFailed', 'An asset is at this path already.')
}
