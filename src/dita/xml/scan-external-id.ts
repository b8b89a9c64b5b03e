import { literalStops, skipOthers } from './byte-classes.ts'
import { apostrophe, doubleQuote, lineFeed, space } from './bytes.ts'
import { accept, expectSpace, passCharacter, skipSpace } from './cursor.ts'
import { normaliseLineEnds } from './line-ends.ts'
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
  const { builder } = scan
  builder.clear()
  for (let i = 0; i < literal.length; i++) {
    const character = literal.charCodeAt(i)
    if (publicIdCharacters[character] !== 1) {
      failNotWellFormed(scan, 'A public identifier holds a character that is not allowed in it.', start)
    }
    builder.push(character === lineFeed ? space : character)
  }
  builder.collapseBlanks()
  return builder.toText()
}

/** Reads a quoted literal, of any characters, with line ends normalised (production 11). */
function scanLiteral(scan: Scan): string {
  if (!isQuote(scan)) failNotWellFormed(scan, 'An identifier in quotes is expected here.')
  const { bytes, end } = scan
  const opening = scan.pos
  const quote = bytes[opening]
  let pos = opening + 1
  for (;;) {
    pos = skipOthers(literalStops, bytes, pos, end)
    if (pos >= end) failNotWellFormed(scan, 'An identifier is not closed.', opening)
    if (bytes[pos] === quote) break
    pos = passCharacter(scan, pos)
  }
  scan.pos = pos + 1
  return normaliseLineEnds(bytes.toString('utf8', opening + 1, pos))
}
