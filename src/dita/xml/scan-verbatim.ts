import { type ByteClass, skipOthers } from './byte-classes.ts'
import { isAhead, passCharacter } from './cursor.ts'
import { failNotWellFormed, type Scan } from './scan-state.ts'

/**
 * Reads text in which nothing is markup, from `pos` up to `terminator`, and gives the place of that. `stops` holds the first byte of the
 * terminator; `opening` is where the construct began, `what` names it in “… is not closed.”
 */
export function scanVerbatim(scan: Scan, stops: ByteClass, terminator: string, what: string, opening: number): number {
  const { bytes, end } = scan
  let pos = scan.pos
  for (;;) {
    pos = skipOthers(stops, bytes, pos, end)
    if (pos >= end) failNotWellFormed(scan, `${what} is not closed.`, opening)
    if (isAhead(scan, terminator, pos)) break
    pos = passCharacter(scan, pos)
  }
  scan.pos = pos + terminator.length
  return pos
}
