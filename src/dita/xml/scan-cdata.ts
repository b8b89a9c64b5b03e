import { cdataStops, skipOthers } from './byte-classes.ts'
import { carriageReturn, closeBracket, greaterThan } from './bytes.ts'
import { passCharacter } from './cursor.ts'
import { failNotWellFormed, type Scan } from './scan-state.ts'
import { emitText } from './scan-text.ts'

/** Reads a CDATA section from its `<![CDATA[` (XML 1.0, production 18): its content is text. */
export function scanCdata(scan: Scan): void {
  const { bytes, end } = scan
  const opening = scan.pos
  const start = opening + 9
  let pos = start
  let hasReturns = false
  for (;;) {
    pos = skipOthers(cdataStops, bytes, pos, end)
    if (pos >= end) failNotWellFormed(scan, 'A CDATA section is not closed.', opening)
    const byte = bytes[pos]
    if (byte === closeBracket) {
      if (bytes[pos + 1] === closeBracket && bytes[pos + 2] === greaterThan) break
      pos++
    } else if (byte === carriageReturn) {
      hasReturns = true
      pos++
    } else pos = passCharacter(scan, pos)
  }
  scan.pos = pos + 3
  if (pos > start) emitText(scan, start, pos, hasReturns)
}
