import { literalStops } from './byte-classes.ts'
import { apostrophe, carriageReturn, doubleQuote } from './bytes.ts'
import { accept, expectSpace, passCharacter, skipSpace } from './cursor.ts'
import { failNotWellFormed, type Scan } from './scan-state.ts'

/** Where an external thing is: of a notation, the system identifier may be missing. */
export interface ExternalId {
  readonly publicId: string | null
  readonly systemId: string | null
}

/** Punctuation of production 13 (PubidChar); letters and digits besides. */
const publicIdPunctuation = " \r\n-'()+,./:=?;!*#@$_%"

/**
 * Reads `SYSTEM "…"` or `PUBLIC "…" "…"` (XML 1.0, production 75); `undefined` when neither stands here.
 * `isPublicEnough` allows `PUBLIC "…"` alone (production 83, of notations).
 */
export function scanExternalId(scan: Scan, isPublicEnough: boolean): ExternalId | undefined {
  if (accept(scan, 'SYSTEM')) {
    expectSpace(scan, 'behind “SYSTEM”')
    return { publicId: null, systemId: scanLiteral(scan) }
  }
  if (!accept(scan, 'PUBLIC')) return undefined
  expectSpace(scan, 'behind “PUBLIC”')
  const publicId = scanPublicId(scan)
  const hasSpace = skipSpace(scan)
  if (isPublicEnough && !isQuote(scan)) return { publicId, systemId: null }
  if (!hasSpace) failNotWellFormed(scan, 'White space is missing behind a public identifier.')
  return { publicId, systemId: scanLiteral(scan) }
}

function isQuote(scan: Scan): boolean {
  const byte = scan.bytes[scan.pos]
  return scan.pos < scan.end && (byte === doubleQuote || byte === apostrophe)
}

/** The public identifier with its white space normalised (4.2.2). */
function scanPublicId(scan: Scan): string {
  const start = scan.pos
  const literal = scanLiteral(scan)
  let normalised = ''
  for (const character of literal) {
    const isAlphanumeric =
      (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') || (character >= '0' && character <= '9')
    if (!isAlphanumeric && !publicIdPunctuation.includes(character)) {
      failNotWellFormed(scan, 'A public identifier holds a character that is not allowed in it.', start)
    }
    const isBlank = character === ' ' || character === '\n' || character === '\r'
    if (!isBlank) normalised += character
    else if (normalised !== '' && !normalised.endsWith(' ')) normalised += ' '
  }
  return normalised.trimEnd()
}

/** Reads a quoted literal, of any characters, with line ends normalised (production 11). */
function scanLiteral(scan: Scan): string {
  if (!isQuote(scan)) failNotWellFormed(scan, 'An identifier in quotes is expected here.')
  const { bytes, end, builder } = scan
  const opening = scan.pos
  const quote = bytes[opening]
  let pos = opening + 1
  for (;;) {
    while (pos < end && literalStops[bytes[pos]!] === 0) pos++
    if (pos >= end) failNotWellFormed(scan, 'An identifier is not closed.', opening)
    const byte = bytes[pos]
    if (byte === quote) break
    pos = byte === doubleQuote || byte === apostrophe || byte === carriageReturn ? pos + 1 : passCharacter(scan, pos)
  }
  scan.pos = pos + 1
  builder.clear()
  builder.pushLines(bytes, opening + 1, pos)
  return builder.toText()
}
