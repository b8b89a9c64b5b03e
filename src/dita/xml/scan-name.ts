import { maxNameBytes } from '../../model/document-limits.ts'
import { nameBytes } from './byte-classes.ts'
import { isNameCharacter, isNameStart } from './name-characters.ts'
import type { XmlName } from './name-table.ts'
import { fail, failNotWellFormed, type Scan } from './scan-state.ts'

/**
 * Reads a name (XML 1.0, production 5) and interns it. `what` completes "… expected here".
 *
 * Only a name that the table does not hold is checked character by character: the others have been.
 */
export function scanName(scan: Scan, what: string): XmlName {
  const { bytes, end } = scan
  const nameClass = nameBytes
  const start = scan.pos
  let pos = start
  let hash = 0
  while (pos < end) {
    const byte = bytes[pos]!
    if (nameClass[byte] === 0) break
    hash = (Math.imul(hash, 31) + byte) | 0
    pos++
  }
  const length = pos - start
  const known = scan.names.find(bytes, start, length, hash)
  if (known !== undefined) {
    scan.pos = pos
    return known
  }
  checkName(scan, start, pos, what)
  scan.pos = pos
  return scan.names.add(bytes, start, length, hash)
}

/** Reads a name token (production 7). */
export function scanNameToken(scan: Scan): string {
  const start = scan.pos
  let pos = start
  while (pos < scan.end && nameBytes[scan.bytes[pos]!] !== 0) pos++
  if (pos === start) failNotWellFormed(scan, 'A name token is expected here.')
  checkLength(scan, start, pos)
  scan.pos = pos
  const text = scan.bytes.toString('utf8', start, pos)
  checkCharacters(scan, text, start)
  return text
}

function checkName(scan: Scan, start: number, end: number, what: string): void {
  if (end === start) failNotWellFormed(scan, `${what} expected here.`, start)
  checkLength(scan, start, end)
  const text = scan.bytes.toString('utf8', start, end)
  if (!isNameStart(text.codePointAt(0)!))
    failNotWellFormed(scan, `A name cannot begin with “${String.fromCodePoint(text.codePointAt(0)!)}”.`, start)
  checkCharacters(scan, text, start)
}

function checkLength(scan: Scan, start: number, end: number): void {
  if (end - start > maxNameBytes) fail(scan, 'LIMIT_NAME_LENGTH', `A name is longer than ${maxNameBytes} bytes.`, start)
}

/** Bytes of ASCII names were judged one by one; what is left are the characters beyond. */
function checkCharacters(scan: Scan, text: string, start: number): void {
  for (const character of text) {
    const codePoint = character.codePointAt(0)!
    if (codePoint >= 0x80 && !isNameCharacter(codePoint)) {
      failNotWellFormed(scan, `The character U+${codePoint.toString(16).toUpperCase().padStart(4, '0')} is not allowed in a name.`, start)
    }
  }
}
