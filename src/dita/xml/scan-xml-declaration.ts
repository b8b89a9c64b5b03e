import { apostrophe, doubleQuote, equals, isSpace } from './bytes.ts'
import { accept, expectByte, isAhead, skipSpace } from './cursor.ts'
import { fail, failNotWellFormed, type Scan } from './scan-state.ts'

/** Reads the XML declaration, if the document has one (XML 1.0, production 23). The encoding it names was followed when the source was opened. */
export function scanXmlDeclaration(scan: Scan): void {
  if (!isAhead(scan, '<?xml') || !isSpace(scan.bytes[5])) return
  scan.pos = 5
  const version = scanPseudoAttribute(scan, 'version')
  if (version === undefined) failNotWellFormed(scan, 'The XML declaration must begin with the version.')
  checkVersion(scan, version)
  const encoding = scanPseudoAttribute(scan, 'encoding')
  if (encoding !== undefined && !isEncodingName(encoding)) failNotWellFormed(scan, 'The XML declaration names no proper encoding.')
  const standalone = scanPseudoAttribute(scan, 'standalone')
  if (standalone !== undefined && standalone !== 'yes' && standalone !== 'no') {
    failNotWellFormed(scan, 'The value of standalone in the XML declaration must be “yes” or “no”.')
  }
  scan.standalone = standalone === 'yes'
  skipSpace(scan)
  if (!accept(scan, '?>')) failNotWellFormed(scan, 'The XML declaration is not closed with “?>”.')
}

/** Reads ` name="value"`; `undefined` when something else stands here. */
function scanPseudoAttribute(scan: Scan, name: string): string | undefined {
  const before = scan.pos
  if (!skipSpace(scan) || !accept(scan, name)) {
    scan.pos = before
    return undefined
  }
  skipSpace(scan)
  expectByte(scan, equals, `behind “${name}” in the XML declaration`)
  skipSpace(scan)
  const quote = scan.bytes[scan.pos]
  if (quote !== doubleQuote && quote !== apostrophe)
    failNotWellFormed(scan, `The value of “${name}” in the XML declaration must stand in quotes.`)
  const start = scan.pos + 1
  const end = scan.bytes.indexOf(quote, start)
  if (end < 0) failNotWellFormed(scan, `The value of “${name}” in the XML declaration is not closed.`)
  scan.pos = end + 1
  return scan.bytes.toString('latin1', start, end)
}

/** Version numbers are `1.` and digits (production 26). A document that calls itself 1.1 may hold what 1.0 forbids, and is refused. */
function checkVersion(scan: Scan, version: string): void {
  if (version === '1.0') return
  const minor = version.startsWith('1.') ? version.slice(2) : ''
  const isKnownForm = minor !== '' && [...minor].every((digit) => digit >= '0' && digit <= '9')
  if (!isKnownForm || version === '1.1')
    fail(scan, 'XML_VERSION', `The XML version “${version.slice(0, 20)}” is not supported, only 1.0.`, 0)
}

/** Production 81. */
function isEncodingName(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const character = name.charAt(i)
    const isLetter = (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z')
    const isOther = (character >= '0' && character <= '9') || character === '.' || character === '_' || character === '-'
    if (!isLetter && (i === 0 || !isOther)) return false
  }
  return name !== ''
}
