import { ApiError } from '../../contract/errors.ts'
import { type AssetPath, InvalidPathError, nameOf, parseNewPath } from '../../model/asset-path.ts'

/** The path of a file in a folder. Throws an ApiError that names the field for a name that no asset can have. */
export function pathInFolder(folder: AssetPath, name: string, pointer: string): AssetPath {
  try {
    if (name.includes('/')) throw new InvalidPathError('has a slash in the name of the file: name it alone, in its own folder')
    const path = parseNewPath(`${folder}/${name}`)
    if (nameOf(path) !== name) throw new InvalidPathError('has no name: name the file')
    return path
  } catch (error) {
    if (!(error instanceof InvalidPathError)) throw error
    throw new ApiError('invalidInput', `The path of a file ${error.message}.`, { errors: [{ pointer, detail: error.message }] })
  }
}
