import { gunzipSync } from 'node:zlib'
import { readDocument } from '../dita/read-document.ts'
import type { ReadingResult } from '../dita/reading.ts'
import { maxDocumentBytes } from '../model/document-limits.ts'

const mediaType = 'image/svg+xml'

/** Reads an SVG that is compressed (`.svgz`). Unpacks no more than a document may have. */
export function readCompressedSvg(path: string, bytes: Uint8Array): ReadingResult {
  const fail = (code: 'LIMIT_FILE_SIZE' | 'IMAGE_CORRUPT', message: string): ReadingResult => ({
    reading: null,
    failure: { code, message, place: null, excerpt: null, type: 'OTHERS', mediaType },
  })
  try {
    // What is in it is read under the name that it would have by itself.
    const result = readDocument(path.slice(0, -'z'.length), gunzipSync(bytes, { maxOutputLength: maxDocumentBytes }))
    return result.reading ? { ...result, reading: { ...result.reading, path } } : result
  } catch (error) {
    if (error instanceof RangeError) return fail('LIMIT_FILE_SIZE', `The file has more than ${maxDocumentBytes} bytes when it is unpacked.`)
    return fail('IMAGE_CORRUPT', 'The picture is damaged or cut off: it cannot be unpacked.')
  }
}
