import { ampersand, apostrophe, doubleQuote, greaterThan, hash, lessThan, semicolon } from './bytes.ts'
import { expectByte, failForbidden } from './cursor.ts'
import { enterEntity, skipUndeclared } from './entities.ts'
import { isXmlCharacter } from './name-characters.ts'
import { scanName } from './scan-name.ts'
import { fail, failNotWellFormed, type Scan, shown } from './scan-state.ts'
import { emitCharacter } from './scan-text.ts'

const predefined = new Map([
  ['lt', lessThan],
  ['gt', greaterThan],
  ['amp', ampersand],
  ['apos', apostrophe],
  ['quot', doubleQuote],
])

/** Reads a reference in content (XML 1.0, 4.4): characters become text, entities the current text. */
export function scanReferenceInContent(scan: Scan): void {
  const start = scan.pos
  if (scan.bytes[start + 1] === hash) {
    emitCharacter(scan, scanCharacterReference(scan), start)
    return
  }
  const name = scanEntityName(scan)
  const character = predefined.get(name)
  if (character !== undefined) {
    emitCharacter(scan, character, start)
    return
  }
  const entity = scan.entities.get(name)
  if (entity === undefined) skipUndeclared(scan, name, start)
  else if (entity.kind === 'internal') enterEntity(scan, entity, start)
  else if (entity.kind === 'unparsed') failNotWellFormed(scan, `The unparsed entity “${shown(name)}” cannot be referred to.`, start)
  else if (scan.externalEntities === 'refuse') {
    fail(scan, 'EXTERNAL_ENTITY', `The entity “${shown(name)}” is external: its content is not read.`, start)
  } else scan.handler.skippedEntity?.(name, scan.offsetOf(start))
}

/** Reads a reference in an attribute value: appends its character, or makes its entity the current text (XML 1.0, 4.4.5). */
export function scanReferenceInValue(scan: Scan): void {
  const start = scan.pos
  if (scan.bytes[start + 1] === hash) {
    scan.builder.pushCodePoint(scanCharacterReference(scan))
    return
  }
  const name = scanEntityName(scan)
  const character = predefined.get(name)
  if (character !== undefined) {
    scan.builder.push(character)
    return
  }
  const entity = scan.entities.get(name)
  if (entity === undefined) skipUndeclared(scan, name, start)
  else if (entity.kind === 'internal') enterEntity(scan, entity, start)
  else failNotWellFormed(scan, `An attribute value cannot refer to the ${entity.kind} entity “${shown(name)}”.`, start)
}

/** Reads `&name;`. */
export function scanEntityName(scan: Scan): string {
  scan.pos++
  const name = scanName(scan, 'The name of an entity is')
  expectByte(scan, semicolon, 'at the end of an entity reference')
  return name.text
}

/** Reads `&#…;` (production 66): the code point, which XML 1.0 must allow. */
export function scanCharacterReference(scan: Scan): number {
  const start = scan.pos
  scan.pos += 2
  const isHexadecimal = scan.bytes[scan.pos] === 0x78
  if (isHexadecimal) scan.pos++
  const radix = isHexadecimal ? 16 : 10
  const first = scan.pos
  let codePoint = 0
  while (scan.pos < scan.end) {
    const digit = digitValue(scan.bytes[scan.pos]!)
    if (digit < 0 || digit >= radix) break
    // Stays above the last code point once it is there, however many digits follow.
    codePoint = Math.min(codePoint * radix + digit, 0x110000)
    scan.pos++
  }
  if (scan.pos === first) failNotWellFormed(scan, 'A character reference needs digits.', start)
  expectByte(scan, semicolon, 'at the end of a character reference')
  if (!isXmlCharacter(codePoint)) failForbidden(scan, codePoint, start)
  return codePoint
}

function digitValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const folded = byte | 0x20
  return folded >= 0x61 && folded <= 0x66 ? folded - 0x57 : -1
}
