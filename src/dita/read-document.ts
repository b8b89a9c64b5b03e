import { extensionOf, typeByExtension } from '../model/asset-type.ts'
import { assembleReading } from './read/assemble.ts'
import { mediaTypeByName } from './read/media-types.ts'
import { readHtml, readMarkdown } from './read/read-markup.ts'
import { readXml } from './read/read-xml.ts'
import { promisesDita } from './read/root-kind.ts'
import type { ReadingResult } from './reading.ts'
import { type Looks, looksOf } from './sniff.ts'

/** Extensions whose files are read as XML whatever they begin with. */
const xmlExtensions: ReadonlySet<string> = new Set(['dita', 'ditamap', 'bookmap', 'ditaval', 'xml', 'svg'])

/**
 * Reads a document: decides by content, then by name, what it is, and reads it in one pass. A file that is none of ours is `plain`: never
 * parsed, always fine. Pictures other than SVG come back as `image` without dimensions: decoding them is not done here.
 *
 * Never throws for what is in the bytes.
 */
export function readDocument(path: string, bytes: Uint8Array): ReadingResult {
  const looks = looksOf(bytes)
  if (promisesDita(path) && looks.kind !== 'xml' && looks.kind !== 'text') return notDita(path, looks)
  if (looks.kind === 'binary') {
    const isImage = looks.mediaType.startsWith('image/')
    return plain(path, isImage ? 'image' : 'plain', looks.mediaType)
  }
  const extension = extensionOf(path)
  if (xmlExtensions.has(extension) || (looks.kind === 'xml' && (extension === '' || mentionsDita(bytes)))) return readXml(path, bytes)
  const mediaType = mediaTypeByName(path)
  if (mediaType === 'text/markdown') return readMarkdown(path, bytes)
  if (mediaType === 'text/html' || mediaType === 'application/xhtml+xml') return readHtml(path, bytes)
  return plain(path, 'plain', mediaType)
}

function plain(path: string, syntax: 'plain' | 'image', mediaType: string): ReadingResult {
  const type = syntax === 'image' ? 'OTHERS' : typeByExtension(path)
  return { reading: assembleReading({ path, syntax, type, mediaType }), failure: null }
}

/** Whether a file of another extension names a DITA grammar in its beginning. */
function mentionsDita(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).toString('latin1')
  return /\/\/DTD (?:LIGHTWEIGHT )?DITA /.test(head)
}

function notDita(path: string, looks: Looks): ReadingResult {
  const name = looks.kind === 'html' ? 'an HTML page' : looks.kind === 'binary' || looks.kind === 'not-xml' ? looks.name : 'something else'
  return {
    reading: null,
    failure: {
      code: 'NOT_DITA',
      message: `The file is ${name}, not a DITA document.`,
      place: looks.kind === 'binary' ? null : { line: 1, column: 1, offset: 0 },
      excerpt: null,
      type: typeByExtension(path),
      mediaType: looks.kind === 'binary' ? looks.mediaType : looks.kind === 'html' ? 'text/html' : 'text/plain',
    },
  }
}
