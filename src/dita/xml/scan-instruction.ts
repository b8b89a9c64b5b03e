import { instructionStops } from './byte-classes.ts'
import { expectSpace, isAhead } from './cursor.ts'
import { scanName } from './scan-name.ts'
import { failNotWellFormed, type Scan } from './scan-state.ts'
import { lendRange } from './scan-text.ts'
import { scanVerbatim } from './scan-verbatim.ts'

/** Reads a processing instruction from its `<?` (XML 1.0, production 16). In the internal subset nobody is told. */
export function scanInstruction(scan: Scan, isTold: boolean): void {
  const opening = scan.pos
  scan.pos += '<?'.length
  const target = scanName(scan, 'The target of a processing instruction is').text
  if (target.toLowerCase() === 'xml') {
    failNotWellFormed(scan, 'An XML declaration can stand only at the very beginning of the file.', opening)
  }
  if (!isAhead(scan, '?>')) expectSpace(scan, 'behind the target of a processing instruction')
  const start = scan.pos
  const end = scanVerbatim(scan, instructionStops, '?>', 'A processing instruction', opening)
  if (isTold) scan.handler.processingInstruction?.(target, lendRange(scan, start, end), scan.offsetOf(opening))
}
