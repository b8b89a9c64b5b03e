import { isUtf8 } from 'node:buffer'
import { maxMarkupBytes } from '../../model/document-limits.ts'
import { type PlacedText, XmlError } from '../xml/events.ts'
import { excerptAt, LineCounter } from '../xml/source-position.ts'

/** A document that is no XML: its text, and the places in it. Offsets are bytes of its UTF-8 form. */
export interface TextSource extends PlacedText {
  readonly text: string
}

/**
 * Opens a Markdown or HTML document. UTF-8 if it is, by its byte order mark if it has one, else as it says of itself, else windows-1252
 * (Encoding Standard, 4.2: the one that every byte sequence is valid in).
 *
 * @throws XmlError LIMIT_FILE_SIZE or EMPTY_FILE
 */
export function openTextSource(bytes: Uint8Array): TextSource {
  const start = { line: 1, column: 1 }
  if (bytes.length > maxMarkupBytes) {
    throw new XmlError('LIMIT_FILE_SIZE', `The file has ${bytes.length} bytes; at most ${maxMarkupBytes} are read.`, 0, start)
  }
  const encoding = encodingOf(bytes)
  const text = new TextDecoder(encoding).decode(bytes)
  if (text.trim() === '') throw new XmlError('EMPTY_FILE', 'The file is empty.', 0, start)
  const decoded = Buffer.from(text)
  const lines = new LineCounter(decoded)
  return {
    text,
    bytes: decoded,
    encoding,
    lineColumn: (offset) => lines.locate(offset),
    excerpt: (offset, maxCharacters) => excerptAt(decoded, offset, maxCharacters),
  }
}

/** The encoding of a text that does not have to declare it. */
export function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  if (isUtf8(bytes)) return 'utf-8'
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).toString('latin1')
  const label = /charset\s*=\s*["']?\s*([\w-]+)/i.exec(head)?.[1]
  try {
    return label === undefined ? 'windows-1252' : new TextDecoder(label).encoding
  } catch {
    return 'windows-1252'
  }
}

/** Turns places in the text (UTF-16 units) into offsets of its bytes, for growing places in time linear in the distance. */
export class ByteOffsets {
  private readonly text: string
  private unit = 0
  private byte = 0

  constructor(text: string) {
    this.text = text
  }

  /** The byte offset of a place; one before the last place asked for is taken for that one. */
  at(unit: number): number {
    const { text } = this
    for (; this.unit < unit && this.unit < text.length; this.unit++) {
      const code = text.charCodeAt(this.unit)
      // Each half of a surrogate pair stands for two of its four bytes.
      this.byte += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3
    }
    return this.byte
  }
}
