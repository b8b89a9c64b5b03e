import { greaterThan } from './bytes.ts'
import { expectByte, expectSpace, skipSpace } from './cursor.ts'
import { scanExternalId } from './scan-external-id.ts'
import { scanName } from './scan-name.ts'
import { failNotWellFormed, type Scan } from './scan-state.ts'

/** Reads a notation declaration behind its keyword (XML 1.0, production 82). Nothing of it is kept. */
export function scanNotationDeclaration(scan: Scan): void {
  expectSpace(scan, 'behind “<!NOTATION”')
  scanName(scan, 'The name of a notation is')
  expectSpace(scan, 'behind the name of a notation')
  if (scanExternalId(scan, true) === undefined) failNotWellFormed(scan, '“SYSTEM” or “PUBLIC” is expected here.')
  skipSpace(scan)
  expectByte(scan, greaterThan, 'at the end of a notation declaration')
}
