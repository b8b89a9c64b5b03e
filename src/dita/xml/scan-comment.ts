import { commentStops, skipOthers } from './byte-classes.ts'
import { carriageReturn, greaterThan, hyphen } from './bytes.ts'
import { passCharacter } from './cursor.ts'
import { failNotWellFormed, type Scan } from './scan-state.ts'
import { lendRange } from './scan-text.ts'

/** Reads a comment from its `<!--` (XML 1.0, production 15). In the internal subset nobody is told. */
export function scanComment(scan: Scan, isTold: boolean): void {
  const { bytes, end } = scan
  const opening = scan.pos
  const start = opening + 4
  let pos = start
  let hasReturns = false
  for (;;) {
    pos = skipOthers(commentStops, bytes, pos, end)
    if (pos >= end) failNotWellFormed(scan, 'A comment is not closed.', opening)
    const byte = bytes[pos]
    if (byte === hyphen) {
      if (bytes[pos + 1] === hyphen) break
      pos++
    } else if (byte === carriageReturn) {
      hasReturns = true
      pos++
    } else pos = passCharacter(scan, pos)
  }
  if (bytes[pos + 2] !== greaterThan) failNotWellFormed(scan, '“--” must not stand in a comment.', pos)
  scan.pos = pos + 3
  if (isTold && scan.handler.comment !== undefined) {
    scan.handler.comment(lendRange(scan, start, pos, hasReturns), scan.offsetOf(opening))
  }
}
