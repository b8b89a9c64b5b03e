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
  const signature = signatures.find((candidate) => candidate.bytes.every((byte, i) => bytes[i] === byte))
  const family = signature?.family ?? 'ascii-compatible'
  if (family === 'UTF-32' || family === 'EBCDIC') {
    throw new XmlError('UNSUPPORTED_ENCODING', `The file is encoded in ${family}, which is not supported.`, 0, { line: 1, column: 1 })
  }
  const markLength = signature?.markLength ?? 0
  const declared = declaredEncoding(readAscii(bytes, markLength, family))
  if (declared !== null && !agrees(family, declared)) {
    const proof = family === 'ascii-compatible' ? 'its first bytes are not' : `its first bytes are ${family.toUpperCase()}`
    throw new XmlError('INVALID_ENCODING', `The XML declaration says “${declared.slice(0, 40)}”, but ${proof}.`, 0, { line: 1, column: 1 })
  }
  return { family, markLength, declared }
}

function agrees(family: DetectedEncoding['family'], declared: string): boolean {
  const isWide = ['utf-16', 'utf-16le', 'utf-16be', 'iso-10646-ucs-2', 'ucs-2'].includes(declared)
  if (family === 'utf-8') return declared === 'utf-8' || declared === 'utf8'
  if (family === 'ascii-compatible') return !isWide
  return isWide && (!declared.startsWith('utf-16') || declared === 'utf-16' || declared === family)
}

/** The beginning of the document as Latin-1, every other byte where characters are two bytes wide. */
function readAscii(bytes: Uint8Array, start: number, family: DetectedEncoding['family']): string {
  const step = family.startsWith('utf-16') ? 2 : 1
  const first = start + (family === 'utf-16be' ? 1 : 0)
  const end = Math.min(bytes.length, start + maxDeclarationBytes * step)
  let text = ''
  for (let i = first; i < end; i += step) {
    text += String.fromCharCode(bytes[i]!)
    if (text.length === 5 && text !== '<?xml') return ''
    if (bytes[i] === 0x3e) break
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
