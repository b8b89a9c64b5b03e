import { maxDocumentBytes } from '../../model/limits.ts'
import { isSpace } from './bytes.ts'
import { checkUtf8, type DecodedDocument, decodeLegacy, decodeWith } from './decode-document.ts'
import { type DetectedEncoding, detectEncoding } from './detect-encoding.ts'
import { type LineColumn, XmlError, type XmlSource } from './events.ts'
import { excerptAt, LineCounter } from './source-position.ts'

const start = { line: 1, column: 1 }

/**
 * Makes the text that a scan runs over: checks the size, finds the encoding (XML 1.0, 4.3.3 and appendix F) and decodes. UTF-8 is taken as
 * it is, without a copy and without its byte order mark; every other encoding that the platform knows is transcoded.
 *
 * @throws XmlError LIMIT_FILE_SIZE, EMPTY_FILE, UNSUPPORTED_ENCODING or INVALID_ENCODING; their `place` is set, as there is no source to ask.
 */
export function openXmlSource(bytes: Uint8Array): XmlSource {
  if (bytes.length > maxDocumentBytes) {
    throw new XmlError('LIMIT_FILE_SIZE', `The file has ${bytes.length} bytes; at most ${maxDocumentBytes} are read.`, 0, start)
  }
  const detected = detectEncoding(bytes)
  const document = decode(detected.markLength === 0 ? bytes : bytes.subarray(detected.markLength), detected)
  if (isBlank(document.bytes)) throw new XmlError('EMPTY_FILE', 'The file is empty.', 0, start)
  return new SourceText(document)
}

class SourceText implements XmlSource {
  readonly bytes: Uint8Array
  readonly encoding: string
  private lines: LineCounter | undefined

  constructor(document: DecodedDocument) {
    this.bytes = document.bytes
    this.encoding = document.encoding
  }

  lineColumn(offset: number): LineColumn {
    this.lines ??= new LineCounter(this.bytes)
    return this.lines.locate(offset)
  }

  excerpt(offset: number, maxCharacters: number): string {
    return excerptAt(this.bytes, offset, maxCharacters)
  }
}

function decode(bytes: Uint8Array, detected: DetectedEncoding): DecodedDocument {
  switch (detected.family) {
    case 'utf-8':
      return checkUtf8(bytes)
    case 'ascii-compatible':
      return detected.declared === null ? checkUtf8(bytes) : decodeLegacy(detected.declared, bytes)
    default:
      return decodeWith(detected.family, bytes)
  }
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every(isSpace)
}
