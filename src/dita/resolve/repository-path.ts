import { covers, repositoryRoot } from '../../model/asset-path.ts'

/** A relative path that leaves the repository. */
export const outsideRoot = Symbol('outside of the repository')

/**
 * The path that `relative` leads to from the asset at `source`: dot segments removed (RFC 3986, 5.2.4), empty segments dropped as in all
 * repository paths. Must be decoded already; {@link outsideRoot} where it climbs out of the repository.
 */
export function joinPath(source: string, relative: string): string | typeof outsideRoot {
  let folderEnd = source.lastIndexOf('/')
  let start = 0
  for (; folderEnd > 0 && relative.startsWith('../', start); start += 3) folderEnd = source.lastIndexOf('/', folderEnd - 1)
  const rest = relative.slice(start)
  if (folderEnd <= 0 || !isPlain(rest)) return joinSegments(source, relative)
  const path = source.slice(0, folderEnd + 1) + rest
  return covers(repositoryRoot, path) ? path : outsideRoot
}

/** Nearly all are plain behind the steps up that they begin with: names, and slashes between them. */
function isPlain(relative: string): boolean {
  return relative !== '' && !/^[./]|\/[./]|\/$/.test(relative)
}

function joinSegments(source: string, relative: string): string | typeof outsideRoot {
  const segments = source.split('/')
  segments.pop()
  for (const segment of relative.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') segments.push(segment)
    else if (segments.length <= 1) return outsideRoot
    else segments.pop()
  }
  const path = segments.length <= 1 ? '/' : segments.join('/')
  return covers(repositoryRoot, path) ? path : outsideRoot
}
