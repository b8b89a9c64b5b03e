import { closeBracket, greaterThan, lessThan, openBracket, percent, semicolon } from './bytes.ts'
import { accept, expectByte, expectSpace, isAhead, skipSpace } from './cursor.ts'
import { scanAttlistDeclaration } from './scan-attlist-declaration.ts'
import { scanComment } from './scan-comment.ts'
import { scanElementDeclaration } from './scan-element-declaration.ts'
import { scanEntityDeclaration } from './scan-entity-declaration.ts'
import { scanExternalId } from './scan-external-id.ts'
import { scanInstruction } from './scan-instruction.ts'
import { scanName } from './scan-name.ts'
import { scanNotationDeclaration } from './scan-notation-declaration.ts'
import { failNotWellFormed, type Scan } from './scan-state.ts'

/** Reads the document type declaration with its internal subset (XML 1.0, production 28). The external subset is never read. */
export function scanDoctype(scan: Scan): void {
  const offset = scan.pos
  scan.pos += '<!DOCTYPE'.length
  expectSpace(scan, 'behind “<!DOCTYPE”')
  const { text: name } = scanName(scan, 'The name of the root element is')
  const hasSpace = skipSpace(scan)
  const externalId = hasSpace ? scanExternalId(scan, false) : undefined
  if (externalId !== undefined) {
    scan.hasUnreadDeclarations = true
    skipSpace(scan)
  }
  const hasInternalSubset = scan.bytes[scan.pos] === openBracket
  scan.handler.doctype?.({
    name,
    publicId: externalId?.publicId ?? null,
    systemId: externalId?.systemId ?? null,
    hasInternalSubset,
    offset,
  })
  if (hasInternalSubset) {
    scan.pos++
    scanInternalSubset(scan)
    skipSpace(scan)
  }
  expectByte(scan, greaterThan, 'at the end of the DOCTYPE')
}

/** Production 28b, up to and with its `]`. */
function scanInternalSubset(scan: Scan): void {
  for (;;) {
    skipSpace(scan)
    const byte = scan.pos < scan.end ? scan.bytes[scan.pos] : -1
    if (byte === closeBracket) {
      scan.pos++
      return
    }
    if (byte === percent) scanParameterReference(scan)
    else if (byte === lessThan) scanDeclaration(scan)
    else failNotWellFormed(scan, 'A declaration or the end of the internal subset is expected here.')
  }
}

/** What a parameter entity holds is not read, so from here on declarations are only checked (5.1), unless the document stands alone. */
function scanParameterReference(scan: Scan): void {
  scan.pos++
  scanName(scan, 'The name of a parameter entity is')
  expectByte(scan, semicolon, 'at the end of a parameter entity reference')
  scan.hasUnreadDeclarations = true
  if (!scan.standalone) scan.ignoresDeclarations = true
}

function scanDeclaration(scan: Scan): void {
  if (isAhead(scan, '<!--')) scanComment(scan, false)
  else if (isAhead(scan, '<?')) scanInstruction(scan, false)
  else if (accept(scan, '<!ENTITY')) scanEntityDeclaration(scan)
  else if (accept(scan, '<!ATTLIST')) scanAttlistDeclaration(scan)
  else if (accept(scan, '<!ELEMENT')) scanElementDeclaration(scan)
  else if (accept(scan, '<!NOTATION')) scanNotationDeclaration(scan)
  else failNotWellFormed(scan, 'This is no declaration that an internal subset can hold.')
}
