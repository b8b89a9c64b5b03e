import type { Buffer } from 'node:buffer'
import { entityValueStops, skipOthers } from './byte-classes.ts'
import { ampersand, apostrophe, carriageReturn, doubleQuote, greaterThan, hash, lineFeed, percent } from './bytes.ts'
import { accept, expectByte, expectSpace, passCharacter, skipSpace } from './cursor.ts'
import { countDeclaration, type Entity } from './entities.ts'
import { scanExternalId } from './scan-external-id.ts'
import { scanName } from './scan-name.ts'
import { scanCharacterReference, scanEntityName } from './scan-reference.ts'
import { failNotWellFormed, type Scan } from './scan-state.ts'

/** Reads an entity declaration behind its keyword (XML 1.0, production 70). The first declaration of a name binds (4.2). */
export function scanEntityDeclaration(scan: Scan): void {
  const start = scan.pos - '<!ENTITY'.length
  countDeclaration(scan)
  expectSpace(scan, 'behind “<!ENTITY”')
  const isParameter = scan.bytes[scan.pos] === percent
  if (isParameter) {
    scan.pos++
    expectSpace(scan, 'behind “%”')
  }
  const { text: name } = scanName(scan, 'The name of an entity is')
  expectSpace(scan, 'behind the name of an entity')
  const entity = scanDefinition(scan, name, isParameter)
  skipSpace(scan)
  expectByte(scan, greaterThan, 'at the end of an entity declaration')
  if (isParameter) scan.handler.entityDeclared?.('parameter', name, start)
  else if (entity.kind !== 'internal') scan.handler.entityDeclared?.(entity.kind, name, start)
  if (isParameter || scan.ignoresDeclarations || scan.entities.has(name)) return
  scan.entities.set(name, entity)
}

/** Productions 73 and 74: a value, or a place outside; a notation makes it unparsed. */
function scanDefinition(scan: Scan, name: string, isParameter: boolean): Entity {
  if (scanExternalId(scan, false) === undefined) return { kind: 'internal', name, replacement: scanEntityValue(scan), isOpen: false }
  const hasSpace = skipSpace(scan)
  if (isParameter || !accept(scan, 'NDATA')) return { kind: 'external', name }
  if (!hasSpace) failNotWellFormed(scan, 'White space is missing before “NDATA”.')
  expectSpace(scan, 'behind “NDATA”')
  scanName(scan, 'The name of a notation is')
  return { kind: 'unparsed', name }
}

/**
 * Production 9, turned into the replacement text (4.5): character references are replaced, entity references stay, and line ends are
 * normalised here, so that a CR in a replacement text always comes from a character reference.
 */
function scanEntityValue(scan: Scan): Buffer {
  const { bytes, end, builder } = scan
  const opening = scan.pos
  const quote = bytes[opening]
  if (scan.pos >= end || (quote !== doubleQuote && quote !== apostrophe))
    failNotWellFormed(scan, 'The value of an entity must stand in quotes.')
  builder.clear()
  scan.pos++
  for (;;) {
    const start = scan.pos
    scan.pos = skipOthers(entityValueStops, bytes, scan.pos, end)
    builder.pushRange(bytes, start, scan.pos)
    if (scan.pos >= end) failNotWellFormed(scan, 'The value of an entity is not closed.', opening)
    if (bytes[scan.pos] === quote) break
    copySpecial(scan, bytes[scan.pos]!)
  }
  scan.pos++
  return builder.toBytes()
}

function copySpecial(scan: Scan, byte: number): void {
  const { bytes, builder } = scan
  const start = scan.pos
  if (byte === percent) failNotWellFormed(scan, 'A parameter entity reference must not stand inside a declaration here.')
  if (byte === ampersand && bytes[start + 1] === hash) {
    builder.pushCodePoint(scanCharacterReference(scan))
    return
  }
  if (byte === carriageReturn) {
    // Of a CRLF, the LF that follows stays.
    if (bytes[start + 1] !== lineFeed) builder.push(lineFeed)
    scan.pos++
    return
  }
  if (byte === ampersand) scanEntityName(scan)
  else scan.pos = passCharacter(scan, start)
  builder.pushRange(bytes, start, scan.pos)
}
