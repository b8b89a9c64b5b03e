import { isSpace } from './bytes.ts'
import { fail, failNotWellFormed, type Scan } from './scan-state.ts'

/** Moves over white space; whether there was any. */
export function skipSpace(scan: Scan): boolean {
  const { bytes, end } = scan
  const start = scan.pos
  let pos = start
  while (pos < end && isSpace(bytes[pos])) pos++
  scan.pos = pos
  return pos > start
}

/** Moves over white space that the grammar wants here. `place` completes "White space is missing …". */
export function expectSpace(scan: Scan, place: string): void {
  if (!skipSpace(scan)) failNotWellFormed(scan, `White space is missing ${place}.`)
}

/** Moves over one byte that the grammar wants here. */
export function expectByte(scan: Scan, byte: number, place: string): void {
  if (scan.bytes[scan.pos] !== byte || scan.pos >= scan.end) {
    failNotWellFormed(scan, `“${String.fromCharCode(byte)}” is missing ${place}.`)
  }
  scan.pos++
}

/** Whether the ASCII text stands at `pos`. */
export function isAhead(scan: Scan, ascii: string, pos: number = scan.pos): boolean {
  if (pos + ascii.length > scan.end) return false
  for (let i = 0; i < ascii.length; i++) {
    if (scan.bytes[pos + i] !== ascii.charCodeAt(i)) return false
  }
  return true
}

/** Moves over the ASCII text if it stands here; whether it did. */
export function accept(scan: Scan, ascii: string): boolean {
  if (!isAhead(scan, ascii)) return false
  scan.pos += ascii.length
  return true
}

/**
 * The place behind a byte at which a loop stopped only because it may begin a forbidden character: controls, U+FFFE, U+FFFF
 * (XML 1.0, production 2). The text is well-formed UTF-8, so nothing else is left to check.
 */
export function passCharacter(scan: Scan, pos: number): number {
  const byte = scan.bytes[pos]!
  if (byte < 0x20 && !isSpace(byte)) failForbidden(scan, byte, pos)
  if (byte !== 0xef) return pos + 1
  const last = scan.bytes[pos + 2]!
  if (scan.bytes[pos + 1] === 0xbf && last >= 0xbe) failForbidden(scan, 0xff40 + last, pos)
  return pos + 3
}

/** Ends the scan because of a character that XML 1.0 forbids. */
export function failForbidden(scan: Scan, codePoint: number, pos: number): never {
  const shown = codePoint.toString(16).toUpperCase().padStart(4, '0')
  return fail(scan, 'INVALID_CHARACTER', `The character U+${shown} is not allowed in XML.`, pos)
}
