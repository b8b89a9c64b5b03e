import { skipOthers, textStops } from './byte-classes.ts'
import { ampersand, closeBracket, greaterThan, lessThan } from './bytes.ts'
import { passCharacter } from './cursor.ts'
import { failNotWellFormed, type Scan } from './scan-state.ts'

/** Reads character data up to the next markup, reference or end of the current text (XML 1.0, production 14). */
export function scanText(scan: Scan): void {
  const { bytes, end } = scan
  const start = scan.pos
  let pos = start
  for (;;) {
    pos = skipOthers(textStops, bytes, pos, end)
    if (pos >= end) break
    const byte = bytes[pos]
    if (byte === lessThan || byte === ampersand) break
    if (byte === closeBracket && bytes[pos + 1] === closeBracket && bytes[pos + 2] === greaterThan) {
      failNotWellFormed(scan, '“]]>” must not stand in text.', pos)
    }
    pos = passCharacter(scan, pos)
  }
  scan.pos = pos
  if (pos > start) emitText(scan, start, pos)
}

/** Hands over a range of the current text. */
export function emitText(scan: Scan, start: number, end: number): void {
  if (scan.handler.text === undefined) return
  scan.handler.text(lendRange(scan, start, end), scan.offsetOf(start))
}

/** The decoder of a range, good until the next one is lent. */
export function lendRange(scan: Scan, start: number, end: number): () => string {
  return scan.text.lendRange(scan.bytes, start, end, scan.frames.length === 0)
}

/** Hands over one character that a reference stands for. */
export function emitCharacter(scan: Scan, codePoint: number, start: number): void {
  if (scan.handler.text === undefined) return
  scan.handler.text(scan.text.lendCharacter(codePoint), scan.offsetOf(start))
}
