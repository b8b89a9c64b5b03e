import { ApiError } from '../../contract/errors.ts'
import { type AssetPath, InvalidPathError, nameOf, parseAssetPath } from '../../model/asset-path.ts'

/** The path of a file in a folder. Throws an ApiError that names the field for a name that no asset can have. */
export function pathInFolder(folder: AssetPath, name: string, pointer: string): AssetPath {
  try {
    if (name.includes('/')) throw new InvalidPathError('has a slash: name the file alone, in its own folder')
    const path = parseAssetPath(`${folder}/${name}`)
    if (nameOf(path) !== name) throw new InvalidPathError(name === '' ? 'is empty' : 'begins or ends with blanks: remove them')
    return path
  } catch (error) {
    if (!(error instanceof InvalidPathError)) throw error
    throw new ApiError('invalidInput', `The name of a file ${error.message}.`, { errors: [{ pointer, detail: error.message }] })
  }
}
