import { instructionStops, skipOthers } from './byte-classes.ts'
import { carriageReturn, greaterThan, question } from './bytes.ts'
import { expectSpace, isAhead, passCharacter } from './cursor.ts'
import { scanName } from './scan-name.ts'
import { failNotWellFormed, type Scan } from './scan-state.ts'
import { lendRange } from './scan-text.ts'

/** Reads a processing instruction from its `<?` (XML 1.0, production 16). In the internal subset nobody is told. */
export function scanInstruction(scan: Scan, isTold: boolean): void {
  const opening = scan.pos
  scan.pos += 2
  const target = scanName(scan, 'The target of a processing instruction is').text
  if (target.toLowerCase() === 'xml') {
    failNotWellFormed(scan, 'An XML declaration can stand only at the very beginning of the file.', opening)
  }
  if (!isAhead(scan, '?>')) expectSpace(scan, 'behind the target of a processing instruction')
  const { bytes, end, pos: start } = scan
  let pos = start
  let hasReturns = false
  for (;;) {
    pos = skipOthers(instructionStops, bytes, pos, end)
    if (pos >= end) failNotWellFormed(scan, 'A processing instruction is not closed.', opening)
    const byte = bytes[pos]
    if (byte === question) {
      if (bytes[pos + 1] === greaterThan) break
      pos++
    } else if (byte === carriageReturn) {
      hasReturns = true
      pos++
    } else pos = passCharacter(scan, pos)
  }
  scan.pos = pos + 2
  if (isTold && scan.handler.processingInstruction !== undefined) {
    scan.handler.processingInstruction(target, lendRange(scan, start, pos, hasReturns), scan.offsetOf(opening))
  }
}
