import { maxAttributeValueBytes } from '../../model/document-limits.ts'
import { skipOthers, valueStops } from './byte-classes.ts'
import { ampersand, apostrophe, carriageReturn, doubleQuote, isSpace, lessThan, lineFeed, space } from './bytes.ts'
import { passCharacter } from './cursor.ts'
import { leaveEntity } from './entities.ts'
import type { XmlName } from './name-table.ts'
import { scanReferenceInValue } from './scan-reference.ts'
import { fail, failNotWellFormed, type Scan } from './scan-state.ts'

/** Reads a quoted attribute value (XML 1.0, production 10) and adds it to the attributes of the current tag. */
export function scanAttributeValue(scan: Scan, name: XmlName, offset: number, isTokenised: boolean): void {
  const { bytes, end } = scan
  const quote = openQuote(scan)
  const start = scan.pos
  let pos = start
  let hasWhiteSpace = false
  for (;;) {
    pos = skipOthers(valueStops, bytes, pos, end)
    const byte = pos < end ? bytes[pos] : -1
    if (byte === quote) break
    if (byte === -1) failUnclosed(scan, start)
    if (byte === ampersand) {
      scan.attributes.addText(name, offset, expandValue(scan, quote, isTokenised))
      return
    }
    if (isSpace(byte)) {
      hasWhiteSpace = true
      pos++
    } else pos = passValueByte(scan, pos, byte)
  }
  checkLength(scan, pos - start, start)
  scan.pos = pos + 1
  scan.attributes.addRange(name, offset, start, pos, hasWhiteSpace)
  if (isTokenised) scan.attributes.markTokenised()
}

/** Reads a quoted attribute value with its references replaced and its white space normalised (3.3.3). */
export function scanExpandedValue(scan: Scan, isTokenised: boolean): string {
  return expandValue(scan, openQuote(scan), isTokenised)
}

function openQuote(scan: Scan): number {
  const quote = scan.pos < scan.end ? scan.bytes[scan.pos] : -1
  if (quote !== doubleQuote && quote !== apostrophe) failNotWellFormed(scan, 'The value of an attribute must stand in quotes.')
  scan.pos++
  return quote
}

/** Entities become the current text, as in content, until the quote is met in the text where the value began. */
function expandValue(scan: Scan, quote: number, isTokenised: boolean): string {
  const { builder } = scan
  const start = scan.pos
  const outerFrames = scan.frames.length
  builder.clear()
  for (;;) {
    copyRun(scan)
    checkLength(scan, builder.length, start)
    const isInside = scan.frames.length > outerFrames
    if (isInside && scan.pos >= scan.end) {
      leaveEntity(scan)
      continue
    }
    const byte = scan.pos < scan.end ? scan.bytes[scan.pos] : -1
    if (byte === quote && !isInside) break
    if (byte === -1) failUnclosed(scan, start)
    if (byte === ampersand) scanReferenceInValue(scan)
    else if (isSpace(byte)) foldSpace(scan)
    else copyByte(scan, byte)
  }
  scan.pos++
  if (isTokenised) builder.collapseBlanks()
  return builder.toText()
}

function copyRun(scan: Scan): void {
  const { bytes, end } = scan
  const start = scan.pos
  scan.pos = skipOthers(valueStops, bytes, start, end)
  scan.builder.pushRange(bytes, start, scan.pos)
}

function copyByte(scan: Scan, byte: number | undefined): void {
  const next = passValueByte(scan, scan.pos, byte)
  scan.builder.pushRange(scan.bytes, scan.pos, next)
  scan.pos = next
}

/** One blank for each white space character; a CRLF of the document is one character. */
function foldSpace(scan: Scan): void {
  const isLineEnd = scan.bytes[scan.pos] === carriageReturn && scan.bytes[scan.pos + 1] === lineFeed && scan.frames.length === 0
  scan.builder.push(space)
  scan.pos += isLineEnd ? 2 : 1
}

function passValueByte(scan: Scan, pos: number, byte: number | undefined): number {
  if (byte === lessThan) failNotWellFormed(scan, '“<” must not stand in the value of an attribute.', pos)
  return passCharacter(scan, pos)
}

/** `start` is where the value began, behind its quote. */
function failUnclosed(scan: Scan, start: number): never {
  return failNotWellFormed(scan, 'The value of an attribute is not closed.', start - 1)
}

function checkLength(scan: Scan, length: number, start: number): void {
  if (length > maxAttributeValueBytes) {
    fail(scan, 'LIMIT_VALUE_LENGTH', `The value of an attribute is longer than ${maxAttributeValueBytes} bytes.`, start)
  }
}
