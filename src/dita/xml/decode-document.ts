import { Buffer, isAscii, isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { asBuffer } from './as-buffer.ts'
import { XmlError } from './events.ts'
import { lineColumnAt } from './source-position.ts'

/** A document as UTF-8, and the encoding it came in. */
export interface DecodedDocument {
  readonly bytes: Uint8Array
  readonly encoding: string
}

/** Size of the pieces in which a fault is looked for: large enough to be quick, small enough to be finished byte by byte. */
const searchStepBytes = 4096

const asciiLabels = ['us-ascii', 'ascii', 'ansi_x3.4-1968', 'iso-ir-6', 'iso646-us', 'cp367', 'ibm367', 'csascii']

/** Checks UTF-8 without copying. @throws XmlError INVALID_ENCODING at the first byte that does not belong. */
export function checkUtf8(bytes: Uint8Array): DecodedDocument {
  if (!isAscii(bytes) && !isUtf8(bytes)) throw undecodable('utf-8', bytes, firstInvalidUtf8(bytes))
  return { bytes, encoding: 'utf-8' }
}

/**
 * Transcodes by a label of the Encoding Standard. Differs from it where XML means another thing: ISO-8859-1 keeps its C1 controls
 * (the standard reads it as windows-1252) and US-ASCII has 128 characters.
 *
 * @throws XmlError UNSUPPORTED_ENCODING for an unknown label, INVALID_ENCODING for bytes that do not decode.
 */
export function decodeLegacy(label: string, bytes: Uint8Array): DecodedDocument {
  if (label === 'utf-8' || label === 'utf8') return checkUtf8(bytes)
  const decoder = createDecoder(label)
  if (decoder.encoding === 'utf-8') return checkUtf8(bytes)
  if (decoder.encoding !== 'windows-1252' || label.includes('1252')) return decodeWith(decoder.encoding, bytes)
  if (asciiLabels.includes(label)) return checkAscii(bytes)
  return { bytes: Buffer.from(asBuffer(bytes).toString('latin1')), encoding: 'iso-8859-1' }
}

/** Transcodes by the name of an encoding. @throws XmlError INVALID_ENCODING for bytes that do not decode. */
export function decodeWith(encoding: string, bytes: Uint8Array): DecodedDocument {
  let text: string
  try {
    text = createDecoder(encoding).decode(bytes)
  } catch {
    throw undecodable(encoding, bytes, firstUndecodable(encoding, bytes))
  }
  return { bytes: Buffer.from(text), encoding }
}

function createDecoder(label: string): TextDecoder {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true })
  } catch {
    const shown = label.slice(0, 40)
    throw new XmlError('UNSUPPORTED_ENCODING', `The encoding “${shown}” is not supported.`, 0, { line: 1, column: 1 })
  }
}

function checkAscii(bytes: Uint8Array): DecodedDocument {
  const bad = bytes.findIndex((byte) => byte >= 0x80)
  if (bad >= 0) throw undecodable('us-ascii', bytes, bad)
  return { bytes, encoding: 'us-ascii' }
}

/** The place is that of the end of what can be read: every encoding has lines and columns once it is decoded. */
function undecodable(encoding: string, bytes: Uint8Array, offset: number): XmlError {
  const found = offset < bytes.length ? `The byte 0x${bytes[offset]!.toString(16).toUpperCase().padStart(2, '0')}` : 'The end of the file'
  const readable = bytes.subarray(0, offset)
  const text =
    encoding === 'utf-8' || encoding === 'us-ascii' ? readable : Buffer.from(new TextDecoder(encoding).decode(readable, { stream: true }))
  return new XmlError(
    'INVALID_ENCODING',
    `${found} is not ${encoding.toUpperCase()} at this place.`,
    offset,
    lineColumnAt(text, text.length),
  )
}

function firstUndecodable(encoding: string, bytes: Uint8Array): number {
  const decoder = createDecoder(encoding)
  for (let start = 0; start < bytes.length; start += searchStepBytes) {
    const end = Math.min(start + searchStepBytes, bytes.length)
    try {
      decoder.decode(bytes.subarray(start, end), { stream: true })
    } catch {
      return firstUndecodableByte(encoding, bytes, start, end)
    }
  }
  return bytes.length
}

/** The failure has spoilt the decoder of the pieces: a new one is led to the same place and goes on byte by byte. */
function firstUndecodableByte(encoding: string, bytes: Uint8Array, start: number, end: number): number {
  const decoder = createDecoder(encoding)
  decoder.decode(bytes.subarray(0, start), { stream: true })
  for (let i = start; i < end; i++) {
    try {
      decoder.decode(bytes.subarray(i, i + 1), { stream: true })
    } catch {
      return i
    }
  }
  return end
}

/** Offset of the first byte that no well-formed UTF-8 sequence holds (Unicode 3.9, table 3-7: no overlong forms, no surrogates). */
function firstInvalidUtf8(bytes: Uint8Array): number {
  let at = 0
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at)
    if (length === 0) return at
    at += length
  }
  return at
}

function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!
  if (lead < 0x80) return 1
  if (lead < 0xc2 || lead > 0xf4) return 0
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  const second = bytes[at + 1] ?? 0
  if (second < lowest || second > highest) return 0
  for (let i = 2; i < length; i++) {
    if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0
  }
  return length
}
