import { greaterThan } from './bytes.ts'
import { skipSpace } from './cursor.ts'
import { depthFloor } from './entities.ts'
import { closeElement } from './scan-start-tag.ts'
import { failNotWellFormed, type Scan, shown } from './scan-state.ts'

/** Reads an end tag from its `<` (XML 1.0, production 42): it must name the innermost open element. */
export function scanEndTag(scan: Scan): void {
  const { bytes, depth } = scan
  const start = scan.pos
  if (depth === depthFloor(scan)) failNotWellFormed(scan, 'An end tag stands here without its start tag.', start)
  const name = scan.open[depth - 1]!
  const nameStart = start + 2
  for (let i = 0; i < name.length; i++) {
    if (bytes[nameStart + i] !== name.bytes[i]) failMismatch(scan, start)
  }
  scan.pos = nameStart + name.length
  if (bytes[scan.pos] !== greaterThan) skipSpace(scan)
  if (scan.pos >= scan.end || bytes[scan.pos] !== greaterThan) failMismatch(scan, start)
  scan.pos++
  closeElement(scan, scan.offsetOf(start))
}

function failMismatch(scan: Scan, start: number): never {
  return failNotWellFormed(scan, `“</${shown(scan.open[scan.depth - 1]!.text)}>” is expected here.`, start)
}
