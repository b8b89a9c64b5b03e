import { maxElementDepth } from '../../model/document-limits.ts'
import { asterisk, closeParenthesis, comma, greaterThan, openParenthesis, plus, question, verticalBar } from './bytes.ts'
import { accept, expectByte, expectSpace, skipSpace } from './cursor.ts'
import { scanName } from './scan-name.ts'
import { fail, failNotWellFormed, type Scan } from './scan-state.ts'

/** Reads an element declaration behind its keyword (XML 1.0, production 45). Nothing of it is kept. */
export function scanElementDeclaration(scan: Scan): void {
  expectSpace(scan, 'behind “<!ELEMENT”')
  scanName(scan, 'The name of an element is')
  expectSpace(scan, 'behind the name of an element')
  if (!accept(scan, 'EMPTY') && !accept(scan, 'ANY')) scanModel(scan)
  skipSpace(scan)
  expectByte(scan, greaterThan, 'at the end of an element declaration')
}

function scanModel(scan: Scan): void {
  expectByte(scan, openParenthesis, 'at the beginning of a content model')
  skipSpace(scan)
  if (accept(scan, '#PCDATA')) scanMixed(scan)
  else scanChildren(scan)
}

/** Production 51 behind `#PCDATA`: names need the final asterisk, and nothing else may follow. */
function scanMixed(scan: Scan): void {
  let hasNames = false
  skipSpace(scan)
  while (scan.bytes[scan.pos] === verticalBar) {
    hasNames = true
    scan.pos++
    skipSpace(scan)
    scanName(scan, 'The name of an element is')
    skipSpace(scan)
  }
  expectByte(scan, closeParenthesis, 'at the end of mixed content')
  if (scan.bytes[scan.pos] === asterisk) scan.pos++
  else if (hasNames) failNotWellFormed(scan, '“*” is missing behind mixed content.')
}

/** Productions 47 to 50 behind the first parenthesis. `separators` holds one entry per open group: 0 until it is known. */
function scanChildren(scan: Scan): void {
  const separators = [0]
  for (;;) {
    skipSpace(scan)
    if (scan.bytes[scan.pos] === openParenthesis) {
      if (separators.length >= maxElementDepth) {
        fail(scan, 'LIMIT_DEPTH', `The groups of a content model are nested more than ${maxElementDepth} deep.`)
      }
      scan.pos++
      separators.push(0)
      continue
    }
    scanName(scan, 'The name of an element is')
    acceptOccurrence(scan)
    if (!scanBehindParticle(scan, separators)) return
  }
}

/** Closes groups and takes the separator to the next particle; false at the end of the model. */
function scanBehindParticle(scan: Scan, separators: number[]): boolean {
  for (;;) {
    skipSpace(scan)
    const byte = scan.pos < scan.end ? scan.bytes[scan.pos]! : 0
    const known = separators.at(-1)!
    if (byte === closeParenthesis) {
      scan.pos++
      separators.pop()
      acceptOccurrence(scan)
      if (separators.length === 0) return false
      continue
    }
    if (byte !== comma && byte !== verticalBar) failNotWellFormed(scan, '“,”, “|” or “)” is expected here.')
    if (known !== 0 && known !== byte) failNotWellFormed(scan, '“,” and “|” must not stand in one group.')
    separators[separators.length - 1] = byte
    scan.pos++
    return true
  }
}

function acceptOccurrence(scan: Scan): void {
  const byte = scan.bytes[scan.pos]
  if (byte === question || byte === asterisk || byte === plus) scan.pos++
}
