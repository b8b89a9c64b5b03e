import mime from 'mime'
import { extensionOf } from '../../model/asset-type.ts'

const ditaExtensions: ReadonlySet<string> = new Set(['dita', 'ditamap', 'bookmap', 'ditaval'])

/** The media type that a file name promises; DITA's is that of RFC 6838's registration by OASIS. */
export function mediaTypeByName(path: string): string {
  const extension = extensionOf(path)
  if (ditaExtensions.has(extension)) return ditaMediaType
  if (extension === 'mdita') return 'text/markdown'
  if (extension === 'hdita') return 'text/html'
  return mime.getType(extension) ?? 'application/octet-stream'
}

/** The media type of topics and maps, registered by OASIS. */
export const ditaMediaType = 'application/dita+xml'
