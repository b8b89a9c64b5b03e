import { exclamation, lessThan, question, slash } from './bytes.ts'
import { isAhead } from './cursor.ts'
import { leaveEntity } from './entities.ts'
import { scanCdata } from './scan-cdata.ts'
import { scanComment } from './scan-comment.ts'
import { scanEndTag } from './scan-end-tag.ts'
import { scanInstruction } from './scan-instruction.ts'
import { scanReferenceInContent } from './scan-reference.ts'
import { scanStartTag } from './scan-start-tag.ts'
import { failNotWellFormed, type Scan, shown } from './scan-state.ts'
import { scanText } from './scan-text.ts'

/** Reads the root element, from its start tag to its end tag (XML 1.0, productions 39 and 43), without recursion. */
export function scanRootElement(scan: Scan): void {
  scanStartTag(scan)
  while (scan.depth > 0) {
    scanText(scan)
    if (scan.pos >= scan.end) endText(scan)
    else if (scan.bytes[scan.pos] === lessThan) scanMarkup(scan)
    else scanReferenceInContent(scan)
  }
}

function endText(scan: Scan): void {
  if (scan.frames.length === 0) {
    failNotWellFormed(scan, `The file ends, but the element “${shown(scan.open[scan.depth - 1]!.text)}” is still open.`)
  }
  leaveEntity(scan)
}

function scanMarkup(scan: Scan): void {
  const next = scan.bytes[scan.pos + 1]
  if (next === slash) scanEndTag(scan)
  else if (next === exclamation) scanDeclarationLike(scan)
  else if (next === question) scanInstruction(scan, true)
  else scanStartTag(scan)
}

function scanDeclarationLike(scan: Scan): void {
  if (isAhead(scan, '<!--')) scanComment(scan, true)
  else if (isAhead(scan, '<![CDATA[')) scanCdata(scan)
  else failNotWellFormed(scan, '“<!” begins neither a comment nor a CDATA section here.')
}
