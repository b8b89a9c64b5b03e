import { asBuffer } from './as-buffer.ts'
import { greaterThan, lessThan } from './bytes.ts'
import { XmlError } from './events.ts'

/** How the bytes of a document are to be read. */
export interface DetectedEncoding {
  /** The encoding family that the first bytes prove, or `ascii-compatible` when only the declaration can tell. */
  readonly family: 'utf-8' | 'utf-16le' | 'utf-16be' | 'ascii-compatible'
  /** Bytes of the byte order mark. */
  readonly markLength: number
  /** The encoding that the XML declaration names, in lower case, else `null`. */
  readonly declared: string | null
}

/** Declarations are a line long; what stands further away is not looked for. */
const maxDeclarationBytes = 4096

const opening = '<?xml'

/** Byte sequences of XML 1.0 appendix F, the longer before their beginnings. */
const signatures: readonly { bytes: readonly number[]; family: DetectedEncoding['family'] | 'UTF-32' | 'EBCDIC'; markLength: number }[] = [
  { bytes: [0x00, 0x00, 0xfe, 0xff], family: 'UTF-32', markLength: 4 },
  { bytes: [0xff, 0xfe, 0x00, 0x00], family: 'UTF-32', markLength: 4 },
  { bytes: [0x00, 0x00, 0x00, 0x3c], family: 'UTF-32', markLength: 0 },
  { bytes: [0x3c, 0x00, 0x00, 0x00], family: 'UTF-32', markLength: 0 },
  { bytes: [0x4c, 0x6f, 0xa7, 0x94], family: 'EBCDIC', markLength: 0 },
  { bytes: [0x00, 0x3c, 0x00, 0x3f], family: 'utf-16be', markLength: 0 },
  { bytes: [0x3c, 0x00, 0x3f, 0x00], family: 'utf-16le', markLength: 0 },
  { bytes: [0xef, 0xbb, 0xbf], family: 'utf-8', markLength: 3 },
  { bytes: [0xfe, 0xff], family: 'utf-16be', markLength: 2 },
  { bytes: [0xff, 0xfe], family: 'utf-16le', markLength: 2 },
]

/**
 * Finds the encoding by byte order mark, first bytes and XML declaration (XML 1.0, 4.3.3 and appendix F).
 *
 * @throws XmlError UNSUPPORTED_ENCODING for UTF-32 and EBCDIC, INVALID_ENCODING where mark and declaration contradict each other.
 */
export function detectEncoding(bytes: Uint8Array): DetectedEncoding {
  const signature = findSignature(bytes)
  const family = signature?.family ?? 'ascii-compatible'
  if (family === 'UTF-32' || family === 'EBCDIC') {
    throw new XmlError('UNSUPPORTED_ENCODING', `The file is encoded in ${family}, which is not supported.`, 0, { line: 1, column: 1 })
  }
  const markLength = signature?.markLength ?? 0
  const declared = declaredEncoding(readDeclaration(bytes, markLength, family))
  if (declared !== null && !agrees(family, declared)) {
    const proof = family === 'ascii-compatible' ? 'its first bytes are not' : `its first bytes are ${family.toUpperCase()}`
    throw new XmlError('INVALID_ENCODING', `The XML declaration says “${declared.slice(0, 40)}”, but ${proof}.`, 0, { line: 1, column: 1 })
  }
  return { family, markLength, declared }
}

function findSignature(bytes: Uint8Array): (typeof signatures)[number] | undefined {
  // Nearly every document begins with "<" and another ASCII character.
  if (bytes[0] === lessThan && bytes[1] !== 0) return undefined
  return signatures.find((candidate) => candidate.bytes.every((byte, i) => bytes[i] === byte))
}

function agrees(family: DetectedEncoding['family'], declared: string): boolean {
  const isWide = ['utf-16', 'utf-16le', 'utf-16be', 'iso-10646-ucs-2', 'ucs-2'].includes(declared)
  if (family === 'utf-8') return declared === 'utf-8' || declared === 'utf8'
  if (family === 'ascii-compatible') return !isWide
  return isWide && (!declared.startsWith('utf-16') || declared === 'utf-16' || declared === family)
}

/** The XML declaration as Latin-1, every other byte where characters are two bytes wide; empty without one. */
function readDeclaration(bytes: Uint8Array, start: number, family: DetectedEncoding['family']): string {
  if (family.startsWith('utf-16')) return readWideDeclaration(bytes, start + (family === 'utf-16be' ? 1 : 0))
  for (let i = 0; i < opening.length; i++) {
    if (bytes[start + i] !== opening.charCodeAt(i)) return ''
  }
  const buffer = asBuffer(bytes)
  const end = buffer.indexOf(greaterThan, start)
  return end < 0 ? '' : buffer.toString('latin1', start, Math.min(end, start + maxDeclarationBytes))
}

function readWideDeclaration(bytes: Uint8Array, first: number): string {
  let text = ''
  for (let i = first; i < bytes.length && text.length < maxDeclarationBytes && bytes[i] !== greaterThan; i += 2) {
    text += String.fromCharCode(bytes[i]!)
    if (text.length === opening.length && text !== opening) return ''
  }
  return text
}

function declaredEncoding(declaration: string): string | null {
  const keyword = declaration.indexOf('encoding')
  if (keyword < 0) return null
  const rest = declaration.slice(keyword + 'encoding'.length).trimStart()
  if (!rest.startsWith('=')) return null
  const literal = rest.slice(1).trimStart()
  const quote = literal[0]
  if (quote !== '"' && quote !== "'") return null
  const end = literal.indexOf(quote, 1)
  return end < 0 ? null : literal.slice(1, end).toLowerCase()
}
