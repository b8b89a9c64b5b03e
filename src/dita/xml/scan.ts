import { exclamation, lessThan, question } from './bytes.ts'
import { isAhead, skipSpace } from './cursor.ts'
import type { XmlHandler, XmlSource } from './events.ts'
import { scanComment } from './scan-comment.ts'
import { scanRootElement } from './scan-content.ts'
import { scanDoctype } from './scan-doctype.ts'
import { scanInstruction } from './scan-instruction.ts'
import { type ExternalEntities, failNotWellFormed, Scan } from './scan-state.ts'
import { scanXmlDeclaration } from './scan-xml-declaration.ts'
import { takeWorkspace } from './workspace.ts'

/*
 * How the scanner works.
 *
 * It runs over UTF-8 bytes, never over strings: a table of 256 entries says for each byte whether it can be passed by, four are passed per
 * turn, and nothing is decoded, copied or allocated for what the handler does not ask for. UTF-8 itself has been checked natively when the
 * source was opened, so what is left of the character rules are controls, U+FFFE and U+FFFF.
 *
 * There is no recursion. Open elements are a list; an entity reference makes the entity's replacement text the current text and puts the
 * text around it on a stack (entities.ts), in content and in attribute values alike. So the depth of a document costs no stack, and what an
 * entity opens it must close.
 *
 * Work is linear in the document whatever it holds: names are interned with a bounded search (name-table.ts), a name remembers the last tag
 * that gave it instead of being compared with its neighbours, and everything that a document could multiply (expansions, defaults, depth,
 * declarations) is counted against a limit.
 */

/** How a scan may differ from the usual one. */
export interface ScanOptions {
  /** `skip` tells the handler of a reference to an external entity instead of ending the scan, as the XML conformance tests want it. */
  readonly externalEntities?: ExternalEntities
}

/**
 * Reads a document once, front to back, and tells the handler what stands in it. Time is linear in the size of the document, memory is bounded
 * by its depth, its distinct names and its declarations.
 *
 * @throws XmlError at the first violation of a rule or limit; whatever the handler throws.
 */
export function scanXml(source: XmlSource, handler: XmlHandler, options: ScanOptions = {}): void {
  const workspace = takeWorkspace(source)
  try {
    scanDocument(new Scan(source, handler, options.externalEntities ?? 'refuse', workspace))
  } finally {
    workspace.release(source.bytes.length)
  }
}

function scanDocument(scan: Scan): void {
  scanXmlDeclaration(scan)
  scanProlog(scan)
  scanRootElement(scan)
  scanMiscellaneous(scan)
  if (scan.pos < scan.end) failNotWellFormed(scan, 'Only comments and processing instructions may follow the root element.')
}

/** Production 22: at most one DOCTYPE among comments, processing instructions and white space; leaves `pos` at the root element. */
function scanProlog(scan: Scan): void {
  scanMiscellaneous(scan)
  if (isAhead(scan, '<!DOCTYPE')) {
    scanDoctype(scan)
    scanMiscellaneous(scan)
  }
  if (scan.pos >= scan.end) failNotWellFormed(scan, 'The file has no root element.')
  if (scan.bytes[scan.pos] !== lessThan) failNotWellFormed(scan, 'Text must not stand outside the root element.')
  if (scan.bytes[scan.pos + 1] === exclamation) failNotWellFormed(scan, '“<!” begins no comment and no DOCTYPE that could stand here.')
}

/** Production 27, repeated. */
function scanMiscellaneous(scan: Scan): void {
  for (;;) {
    skipSpace(scan)
    if (scan.bytes[scan.pos] !== lessThan) return
    if (scan.bytes[scan.pos + 1] === question) scanInstruction(scan, true)
    else if (isAhead(scan, '<!--')) scanComment(scan, true)
    else return
  }
}
