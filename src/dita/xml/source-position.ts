import { Buffer } from 'node:buffer'
import { carriageReturn, lineFeed } from './bytes.ts'
import type { LineColumn } from './events.ts'

function isLineEnd(byte: number | undefined): boolean {
  return byte === lineFeed || byte === carriageReturn
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}

/** Counts lines and columns of a UTF-8 text, from the last place asked for when offsets grow, else from the start. */
export class LineCounter {
  private readonly bytes: Uint8Array
  private at = 0
  private line = 1
  private column = 1

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** The place of a byte offset. An offset inside a character gives the column after that character's first byte. */
  locate(offset: number): LineColumn {
    if (offset < this.at) {
      this.at = 0
      this.line = 1
      this.column = 1
    }
    const { bytes } = this
    const end = Math.min(offset, bytes.length)
    // Local variables: fields written for every byte made this the dearest part of reading a topic.
    let { at, line, column } = this
    for (; at < end; at++) {
      const byte = bytes[at]!
      if (byte > carriageReturn) {
        if (!isContinuation(byte)) column++
        continue
      }
      // The CR of a CRLF does not end the line: its LF does.
      if (byte === lineFeed || (byte === carriageReturn && bytes[at + 1] !== lineFeed)) {
        line++
        column = 1
      } else column++
    }
    this.at = at
    this.line = line
    this.column = column
    return { line: this.line, column: this.column }
  }
}

/** The place of `offset` in UTF-8 `bytes`, counted from the start. */
export function lineColumnAt(bytes: Uint8Array, offset: number): LineColumn {
  return new LineCounter(bytes).locate(offset)
}

/** Byte offsets of places in UTF-8 `bytes`, in one sweep whatever their order; `null` for a place that the text does not have. */
export function offsetsOf(bytes: Uint8Array, places: readonly LineColumn[]): (number | null)[] {
  const offsets = places.map((): number | null => null)
  const order = places.map((_, index) => index).sort((a, b) => places[a]!.line - places[b]!.line || places[a]!.column - places[b]!.column)
  let at = 0
  let line = 1
  let column = 1
  for (const index of order) {
    const wanted = places[index]!
    for (; at < bytes.length && line < wanted.line; at++) {
      const isEnd = bytes[at] === lineFeed || (bytes[at] === carriageReturn && bytes[at + 1] !== lineFeed)
      if (!isEnd) continue
      line++
      column = 1
    }
    while (line === wanted.line && column < wanted.column && at < bytes.length && !isLineEnd(bytes[at])) {
      do at++
      while (at < bytes.length && isContinuation(bytes[at]))
      column++
    }
    if (line === wanted.line && column === wanted.column) offsets[index] = at
  }
  return offsets
}

/** The line around `offset`, cut to `maxCharacters` (code points) with the place inside, and trimmed. Costs no more than the cut. */
export function excerptAt(bytes: Uint8Array, offset: number, maxCharacters: number): string {
  let start = Math.min(offset, bytes.length)
  let end = start
  let count = 0
  const half = maxCharacters >> 1
  while (start > 0 && count < half && !isLineEnd(bytes[start - 1])) {
    do start--
    while (start > 0 && isContinuation(bytes[start]))
    count++
  }
  while (end < bytes.length && count < maxCharacters && !isLineEnd(bytes[end])) {
    do end++
    while (end < bytes.length && isContinuation(bytes[end]))
    count++
  }
  while (start > 0 && count < maxCharacters && !isLineEnd(bytes[start - 1])) {
    do start--
    while (start > 0 && isContinuation(bytes[start]))
    count++
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
    .toString()
    .trim()
}
