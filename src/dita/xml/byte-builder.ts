import { Buffer } from 'node:buffer'
import { space } from './bytes.ts'

/** Text under construction, as UTF-8. One is kept per scan and cleared for each value, so that values cost no growing. */
export class ByteBuilder {
  private bytes = Buffer.allocUnsafe(256)
  length = 0

  clear(): void {
    this.length = 0
  }

  push(byte: number): void {
    if (this.length === this.bytes.length) this.grow(1)
    this.bytes[this.length++] = byte
  }

  pushRange(source: Uint8Array, start: number, end: number): void {
    if (this.length + end - start > this.bytes.length) this.grow(end - start)
    // Short runs are the rule (between two line ends or references); a native copy pays from about 32 bytes on.
    if (end - start < 32) for (let i = start; i < end; i++) this.bytes[this.length++] = source[i]!
    else {
      this.bytes.set(source.subarray(start, end), this.length)
      this.length += end - start
    }
  }

  pushCodePoint(codePoint: number): void {
    if (codePoint < 0x80) {
      this.push(codePoint)
      return
    }
    const encoded = Buffer.from(String.fromCodePoint(codePoint))
    this.pushRange(encoded, 0, encoded.length)
  }

  /** Drops blanks at both ends and reduces runs of blanks to one: tokenised attribute values (XML 1.0, 3.3.3). */
  collapseBlanks(): void {
    const { bytes } = this
    let kept = 0
    for (let i = 0; i < this.length; i++) {
      const byte = bytes[i]!
      if (byte === space && (kept === 0 || bytes[kept - 1] === space)) continue
      bytes[kept++] = byte
    }
    if (kept > 0 && bytes[kept - 1] === space) kept--
    this.length = kept
  }

  toText(): string {
    return this.bytes.toString('utf8', 0, this.length)
  }

  /** A copy that stays valid when the builder is used again. */
  toBytes(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.length))
  }

  private grow(more: number): void {
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + more))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }
}
