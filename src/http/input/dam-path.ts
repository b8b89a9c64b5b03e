import { ApiError } from '../../contract/errors.ts'
import { type AssetPath, covers, parseExactPath, parseNewPath, repositoryRoot } from '../../model/asset-path.ts'

/** A path below `/content/dam` as a URL names it. */
export interface UrlPath {
  readonly path: AssetPath
  /** It ends with a slash: it means a folder. */
  readonly isFolder: boolean
}

/**
 * The repository path of a request's URL, each segment percent-decoded exactly once (the router's own decoding turns `%2F` into a
 * separator). Throws an ApiError for an encoding that is no UTF-8 and for an encoded slash, InvalidPathError for what no path may hold.
 */
export function pathOfUrl(url: string): UrlPath {
  const found = folderOfUrl(url)
  if (found.path === repositoryRoot) throw rootFolder()
  return found
}

/** As {@link pathOfUrl}, for what is to be stored there. Throws InvalidPathError also for a name that begins or ends with a blank. */
export function newPathOfUrl(url: string): UrlPath {
  const found = pathOfUrl(url)
  return { ...found, path: parseNewPath(found.path) }
}

/** As {@link pathOfUrl}, for addresses of folders: the root of the repository is one. */
export function folderOfUrl(url: string): UrlPath {
  const encoded = url.split('?', 1)[0]!
  const path = parseExactPath(encoded.split('/').map(decodeSegment).join('/'))
  if (!covers(repositoryRoot, path)) throw new ApiError('invalidPath', `Only what is below ${repositoryRoot} can be addressed here.`)
  return { path, isFolder: encoded.endsWith('/') }
}

/** The address under `/content/dam` that one of the Assets HTTP API stands for: `/api/assets/x` is `/content/dam/x`. */
export function damAddress(assetsApiAddress: string): string {
  return repositoryRoot + assetsApiAddress.slice('/api/assets'.length)
}

/** What is answered to a request that would replace, move or remove the root of the repository. */
export function rootFolder(): ApiError {
  return new ApiError('rootFolder', `${repositoryRoot} is the root folder: it is always there and cannot be replaced, moved or removed.`)
}

function decodeSegment(segment: string): string {
  let name: string
  try {
    name = decodeURIComponent(segment)
  } catch (cause) {
    throw new ApiError('malformedUrl', 'The path holds a percent-encoding that is no UTF-8.', { cause })
  }
  if (name.includes('/')) throw new ApiError('malformedUrl', 'The path holds an encoded slash: a name cannot have one.')
  return name
}
