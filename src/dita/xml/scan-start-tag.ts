import { maxAttributesPerElement, maxDocumentBytes, maxElementDepth, maxElements } from '../../model/document-limits.ts'
import type { AttributeDeclarations } from './attribute-declarations.ts'
import { equals, greaterThan, isSpace, slash } from './bytes.ts'
import { skipSpace } from './cursor.ts'
import type { XmlName } from './name-table.ts'
import { scanName } from './scan-name.ts'
import { fail, failNotWellFormed, type Scan, shown } from './scan-state.ts'
import { scanAttributeValue } from './scan-value.ts'

/** Every start tag that was ever read in this thread has its own number, so that {@link XmlName.lastTag} needs no clearing. */
let lastTag = 0

/** Reads a start tag or an empty-element tag, both from their `<` (XML 1.0, productions 40 and 44). */
export function scanStartTag(scan: Scan): void {
  const start = scan.pos
  scan.pos = start + 1
  const name = scanName(scan, 'The name of an element is')
  scan.attributes.begin(scan.bytes, scan.frames.length === 0)
  const declarations = scan.attributeDeclarations.size === 0 ? undefined : scan.attributeDeclarations.get(name.text)
  const tag = ++lastTag
  if (scan.crowdedNames.size > 0) scan.crowdedNames.clear()
  if (scan.bytes[scan.pos] !== greaterThan) scanAttributes(scan, declarations, tag)
  if (declarations !== undefined) addDefaults(scan, declarations, tag, start)
  const isEmpty = closeTag(scan, name)
  openElement(scan, name, start)
  followPrefixes(scan, name, start)
  const offset = scan.offsetOf(start)
  scan.handler.startElement(name.text, scan.attributes, offset)
  if (isEmpty) closeElement(scan, offset)
}

/** Tells the end of the innermost element and goes back to its parent. */
export function closeElement(scan: Scan, offset: number): void {
  const name = scan.open[scan.depth - 1]!
  if (scan.prefixes.innermostDepth === scan.depth) scan.prefixes.close(scan.depth)
  scan.depth--
  scan.handler.endElement(name.text, offset)
}

/** Reads the attributes behind the name of the element. */
function scanAttributes(scan: Scan, declarations: AttributeDeclarations | undefined, tag: number): void {
  for (;;) {
    const hasSpace = skipSpace(scan)
    const byte = scan.bytes[scan.pos]
    if (byte === greaterThan || byte === slash || scan.pos >= scan.end) return
    if (!hasSpace) failNotWellFormed(scan, 'White space is missing before an attribute.')
    const start = scan.pos
    const name = scanName(scan, 'An attribute or the end of the tag is')
    if (isGiven(scan, name, tag)) failNotWellFormed(scan, `The attribute “${shown(name.text)}” is given twice.`, start)
    if (name.interned) name.lastTag = tag
    else scan.crowdedNames.add(name.text)
    checkRoom(scan, start)
    scanEquals(scan, name)
    scanAttributeValue(scan, name, scan.offsetOf(start), declarations?.tokenised.has(name.text) ?? false)
  }
}

/** Whether the tag has given an attribute of that name already: one comparison, however many attributes there are. */
function isGiven(scan: Scan, name: XmlName, tag: number): boolean {
  return name.interned ? name.lastTag === tag : scan.crowdedNames.has(name.text)
}

function checkRoom(scan: Scan, start: number): void {
  if (scan.attributes.count === maxAttributesPerElement) {
    fail(scan, 'LIMIT_ATTRIBUTES', `An element has more than ${maxAttributesPerElement} attributes.`, start)
  }
}

function scanEquals(scan: Scan, name: XmlName): void {
  if (scan.bytes[scan.pos] !== equals) skipSpace(scan)
  if (scan.pos >= scan.end || scan.bytes[scan.pos] !== equals) {
    failNotWellFormed(scan, `“=” is missing behind the attribute “${shown(name.text)}”.`)
  }
  scan.pos++
  if (isSpace(scan.bytes[scan.pos])) skipSpace(scan)
}

/** Reads the end of the tag; whether it is that of an empty element. */
function closeTag(scan: Scan, name: XmlName): boolean {
  const isEmpty = scan.bytes[scan.pos] === slash
  if (isEmpty) scan.pos++
  if (scan.pos >= scan.end || scan.bytes[scan.pos] !== greaterThan) {
    failNotWellFormed(scan, `The tag of “${shown(name.text)}” is not closed with “>”.`)
  }
  scan.pos++
  return isEmpty
}

function openElement(scan: Scan, name: XmlName, start: number): void {
  if (scan.depth >= maxElementDepth) fail(scan, 'LIMIT_DEPTH', `Elements are nested more than ${maxElementDepth} deep.`, start)
  if (++scan.elements > maxElements) fail(scan, 'LIMIT_ELEMENTS', `The document has more than ${maxElements} elements.`, start)
  scan.open[scan.depth++] = name
}

/** Adds the attributes that the tag does not give and the internal subset does (3.3.2). Repeated over a document, they stay below the size of one. */
function addDefaults(scan: Scan, declarations: AttributeDeclarations, tag: number, start: number): void {
  for (const { name, value, bytes } of declarations.defaults) {
    if (isGiven(scan, name, tag)) continue
    checkRoom(scan, start)
    scan.defaultedBytes += bytes
    if (scan.defaultedBytes > maxDocumentBytes) {
      fail(scan, 'ENTITY_EXPANSION_LIMIT', `Attribute defaults add more than ${maxDocumentBytes} bytes to the document.`, start)
    }
    scan.attributes.addText(name, scan.offsetOf(start), value)
  }
}

/** Follows namespace declarations and tells of prefixes without one. A declaration counts for the whole tag, wherever it stands in it. */
function followPrefixes(scan: Scan, name: XmlName, start: number): void {
  const { attributes, prefixes, depth } = scan
  let hasPrefix = false
  for (let i = 0; i < attributes.count; i++) {
    const { prefix, declaredPrefix } = attributes.nameAt(i)
    if (declaredPrefix !== null) prefixes.declare(declaredPrefix, depth)
    if (prefix !== null) hasPrefix = true
  }
  if (name.prefix !== null) prefixes.use(name.prefix, scan.offsetOf(start), scan.handler)
  if (!hasPrefix) return
  for (let i = 0; i < attributes.count; i++) {
    const { prefix } = attributes.nameAt(i)
    if (prefix !== null) prefixes.use(prefix, attributes.offset(i), scan.handler)
  }
}
