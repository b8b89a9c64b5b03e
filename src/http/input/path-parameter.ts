import { ApiError } from '../../contract/errors.ts'
import { type AssetPath, InvalidPathError, parseExactPath } from '../../model/asset-path.ts'

/** A path from a query parameter or a field, normalised. Throws an ApiError that names it by its JSON pointer. */
export function parsePathParameter(value: string, pointer: string): AssetPath {
  try {
    return parseExactPath(value)
  } catch (error) {
    if (!(error instanceof InvalidPathError)) throw error
    throw new ApiError('invalidPath', `The path ${error.message}.`, { errors: [{ pointer, detail: error.message }] })
  }
}
