import { commentStops } from './byte-classes.ts'
import { greaterThan } from './bytes.ts'
import { failNotWellFormed, type Scan } from './scan-state.ts'
import { lendRange } from './scan-text.ts'
import { scanVerbatim } from './scan-verbatim.ts'

/** Reads a comment from its `<!--` (XML 1.0, production 15). In the internal subset nobody is told. */
export function scanComment(scan: Scan, isTold: boolean): void {
  const opening = scan.pos
  scan.pos += '<!--'.length
  const start = scan.pos
  const end = scanVerbatim(scan, commentStops, '--', 'A comment', opening)
  if (scan.bytes[scan.pos] !== greaterThan) failNotWellFormed(scan, '“--” must not stand in a comment.', end)
  scan.pos++
  if (isTold) scan.handler.comment?.(lendRange(scan, start, end), scan.offsetOf(opening))
}
