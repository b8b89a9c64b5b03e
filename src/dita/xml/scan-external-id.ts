import { literalStops, skipOthers } from './byte-classes.ts'
import { apostrophe, carriageReturn, doubleQuote, lineFeed, space } from './bytes.ts'
import { accept, expectSpace, passCharacter, skipSpace } from './cursor.ts'
import { failNotWellFormed, type Scan } from './scan-state.ts'

/** Where an external thing is: of a notation, the system identifier may be missing. */
export interface ExternalId {
  readonly publicId: string | null
  readonly systemId: string | null
}

/** Production 13 (PubidChar), by character code. */
const publicIdCharacters = new Uint8Array(128)
for (const character of " \n-'()+,./:=?;!*#@$_%0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
  publicIdCharacters[character.charCodeAt(0)] = 1
}

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
  let isNormal = true
  let previous = space
  for (let i = 0; i < literal.length; i++) {
    const character = literal.charCodeAt(i)
    if (publicIdCharacters[character] !== 1) {
      failNotWellFormed(scan, 'A public identifier holds a character that is not allowed in it.', start)
    }
    if (character === lineFeed || (character === space && previous === space)) isNormal = false
    previous = character
  }
  return isNormal && previous !== space
    ? literal
    : literal
        .split(/[ \n]+/)
        .join(' ')
        .trim()
}

/** Reads a quoted literal, of any characters, with line ends normalised (production 11). */
function scanLiteral(scan: Scan): string {
  if (!isQuote(scan)) failNotWellFormed(scan, 'An identifier in quotes is expected here.')
  const { bytes, end, builder } = scan
  const opening = scan.pos
  const quote = bytes[opening]
  let pos = opening + 1
  let hasReturns = false
  for (;;) {
    pos = skipOthers(literalStops, bytes, pos, end)
    if (pos >= end) failNotWellFormed(scan, 'An identifier is not closed.', opening)
    const byte = bytes[pos]
    if (byte === quote) break
    if (byte === carriageReturn) hasReturns = true
    pos = byte === doubleQuote || byte === apostrophe || byte === carriageReturn ? pos + 1 : passCharacter(scan, pos)
  }
  scan.pos = pos + 1
  if (!hasReturns) return bytes.toString('utf8', opening + 1, pos)
  builder.clear()
  builder.pushLines(bytes, opening + 1, pos)
  return builder.toText()
}
