import { covers, repositoryRoot } from '../../model/asset-path.ts'

/** A relative path that leaves the repository. */
export const outsideRoot = Symbol('outside of the repository')

/**
 * The path that `relative` leads to from the asset at `source`: dot segments removed (RFC 3986, 5.2.4), empty segments dropped as in all
 * repository paths. Must be decoded already; {@link outsideRoot} where it climbs out of the repository.
 */
export function joinPath(source: string, relative: string): string | typeof outsideRoot {
  if (isPlain(relative) && source.startsWith(`${repositoryRoot}/`)) return source.slice(0, source.lastIndexOf('/') + 1) + relative
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

/** Nearly all that lead to the same folder or below it: names, and slashes between them. */
function isPlain(relative: string): boolean {
  return relative !== '' && !/^[./]|\/[./]|\/$/.test(relative)
}
