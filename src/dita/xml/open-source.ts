import { type Buffer, isAscii } from 'node:buffer'
import { maxDocumentBytes } from '../../model/document-limits.ts'
import { asBuffer } from './as-buffer.ts'
import { isSpace } from './bytes.ts'
import { checkUtf8, type DecodedDocument, decodeLegacy, decodeWith } from './decode-document.ts'
import { type DetectedEncoding, detectEncoding } from './detect-encoding.ts'
import { type LineColumn, XmlError, type XmlSource } from './events.ts'
import { excerptAt, LineCounter } from './source-position.ts'

const start = { line: 1, column: 1 }

/** Documents up to this size are made one string to cut pieces out of: as long as a piece is kept, so is all of it. */
const maxCutBytes = 64 * 1024

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
  readonly bytes: Buffer
  readonly encoding: string
  private lines: LineCounter | undefined
  /** All of the text, if it is short and ASCII: a piece is cut out of it in a fifth of the time in which it is decoded. Made when it is asked for. */
  private whole: string | null | undefined

  constructor(document: DecodedDocument) {
    this.bytes = asBuffer(document.bytes)
    this.encoding = document.encoding
  }

  decode(start: number, end: number): string {
    const whole = this.asciiText()
    return whole === null ? this.bytes.toString('utf8', start, end) : whole.slice(start, end)
  }

  lineColumn(offset: number): LineColumn {
    this.lines ??= new LineCounter(this.bytes, this.asciiText())
    return this.lines.locate(offset)
  }

  excerpt(offset: number, maxCharacters: number): string {
    return excerptAt(this.bytes, offset, maxCharacters)
  }

  private asciiText(): string | null {
    const { bytes } = this
    if (this.whole === undefined) this.whole = bytes.length <= maxCutBytes && isAscii(bytes) ? bytes.toString('latin1') : null
    return this.whole
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
