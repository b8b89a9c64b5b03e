import type { AttributeDeclarations } from './attribute-declarations.ts'
import { closeParenthesis, greaterThan, openParenthesis, verticalBar } from './bytes.ts'
import { accept, expectByte, expectSpace, skipSpace } from './cursor.ts'
import { countDeclaration } from './entities.ts'
import type { XmlName } from './name-table.ts'
import { scanName, scanNameToken } from './scan-name.ts'
import { failNotWellFormed, type Scan } from './scan-state.ts'
import { scanExpandedValue } from './scan-value.ts'

/** Keywords of production 54; the longer stand before their beginnings. */
const tokenisedTypes = ['IDREFS', 'IDREF', 'ID', 'ENTITIES', 'ENTITY', 'NMTOKENS', 'NMTOKEN']

/** Reads an attribute-list declaration behind its keyword (XML 1.0, production 52). */
export function scanAttlistDeclaration(scan: Scan): void {
  expectSpace(scan, 'behind “<!ATTLIST”')
  const element = scanName(scan, 'The name of an element is').text
  const declarations = scan.attributeDeclarations.get(element) ?? { declared: new Set(), tokenised: new Set(), defaults: [] }
  for (;;) {
    const hasSpace = skipSpace(scan)
    if (scan.bytes[scan.pos] === greaterThan) break
    if (!hasSpace) failNotWellFormed(scan, 'White space is missing before an attribute.')
    scanAttributeDefinition(scan, declarations)
  }
  expectByte(scan, greaterThan, 'at the end of an attribute-list declaration')
  if (declarations.declared.size > 0) scan.attributeDeclarations.set(element, declarations)
}

/** Production 53. */
function scanAttributeDefinition(scan: Scan, declarations: AttributeDeclarations): void {
  countDeclaration(scan)
  const name = scanName(scan, 'The name of an attribute is')
  expectSpace(scan, 'behind the name of an attribute')
  const isTokenised = scanType(scan)
  expectSpace(scan, 'behind the type of an attribute')
  const value = scanDefault(scan, isTokenised)
  // The first declaration of an attribute binds (3.3).
  if (scan.ignoresDeclarations || declarations.declared.has(name.text)) return
  declarations.declared.add(name.text)
  if (isTokenised) declarations.tokenised.add(name.text)
  if (value !== undefined) declarations.defaults.push({ name, value, bytes: costOf(name, value) })
}

function costOf(name: XmlName, value: string): number {
  return name.length + value.length + ' =""'.length
}

/** Production 54; whether the type is tokenised or enumerated, so that values lose their extra blanks. */
function scanType(scan: Scan): boolean {
  if (accept(scan, 'CDATA')) return false
  if (tokenisedTypes.some((type) => accept(scan, type))) return true
  const isNotation = accept(scan, 'NOTATION')
  if (isNotation) expectSpace(scan, 'behind “NOTATION”')
  expectByte(scan, openParenthesis, 'at the beginning of the type of an attribute')
  do {
    skipSpace(scan)
    if (isNotation) scanName(scan, 'The name of a notation is')
    else scanNameToken(scan)
    skipSpace(scan)
  } while (acceptByte(scan, verticalBar))
  expectByte(scan, closeParenthesis, 'at the end of the values of an attribute')
  return true
}

function acceptByte(scan: Scan, byte: number): boolean {
  if (scan.bytes[scan.pos] !== byte) return false
  scan.pos++
  return true
}

/** Production 60; the default value, normalised, if there is one. */
function scanDefault(scan: Scan, isTokenised: boolean): string | undefined {
  if (accept(scan, '#REQUIRED') || accept(scan, '#IMPLIED')) return undefined
  if (accept(scan, '#FIXED')) expectSpace(scan, 'behind “#FIXED”')
  return scanExpandedValue(scan, isTokenised)
}
