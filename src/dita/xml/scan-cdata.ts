import { cdataStops } from './byte-classes.ts'
import type { Scan } from './scan-state.ts'
import { emitText } from './scan-text.ts'
import { scanVerbatim } from './scan-verbatim.ts'

/** Reads a CDATA section from its `<![CDATA[` (XML 1.0, production 18): its content is text. */
export function scanCdata(scan: Scan): void {
  const opening = scan.pos
  scan.pos += '<![CDATA['.length
  const start = scan.pos
  const end = scanVerbatim(scan, cdataStops, ']]>', 'A CDATA section', opening)
  if (end > start) emitText(scan, start, end)
}
