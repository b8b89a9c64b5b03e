import { Buffer } from 'node:buffer'
import { maxAttributesPerElement } from '../../model/document-limits.ts'
import type { ByteBuilder } from './byte-builder.ts'
import { carriageReturn, lineFeed, space, tab } from './bytes.ts'
import type { XmlAttributes, XmlSource } from './events.ts'
import type { XmlName } from './name-table.ts'

const noBytes = Buffer.alloc(0)

/** The attributes of the current start tag, as places in its text; one list is used again for each tag. */
export class AttributeList implements XmlAttributes {
  count = 0
  private source: XmlSource | null = null
  private bytes: Buffer = noBytes
  /** Line ends of the document are normalised before all else; those of a replacement text were when it was declared. */
  private isDocument = true
  private readonly builder: ByteBuilder
  private readonly names: XmlName[] = []
  private readonly offsets = new Int32Array(maxAttributesPerElement)
  private readonly starts = new Int32Array(maxAttributesPerElement)
  private readonly ends = new Int32Array(maxAttributesPerElement)
  private readonly needsFolding = new Uint8Array(maxAttributesPerElement)
  private readonly isTokenised = new Uint8Array(maxAttributesPerElement)
  /** Values that were worked out already: those with references, and defaults. */
  private readonly texts: (string | null)[] = []

  constructor(builder: ByteBuilder) {
    this.builder = builder
  }

  /** Begins with another document. */
  open(source: XmlSource): void {
    this.source = source
  }

  /** Begins the list of another start tag that stands in `bytes`. */
  begin(bytes: Buffer, isDocument: boolean): void {
    this.count = 0
    if (this.bytes !== bytes) this.bytes = bytes
    this.isDocument = isDocument
  }

  /** Lets go of the document. */
  forget(): void {
    this.source = null
    this.begin(noBytes, true)
  }

  /** Adds an attribute whose value is the range, to be normalised when it is asked for. */
  addRange(name: XmlName, offset: number, start: number, end: number, hasWhiteSpace: boolean): void {
    const index = this.count++
    this.names[index] = name
    this.offsets[index] = offset
    this.starts[index] = start
    this.ends[index] = end
    this.needsFolding[index] = hasWhiteSpace ? 1 : 0
    this.isTokenised[index] = 0
    this.texts[index] = null
  }

  /** Adds an attribute whose normalised value is known. */
  addText(name: XmlName, offset: number, text: string): void {
    this.addRange(name, offset, 0, 0, false)
    this.texts[this.count - 1] = text
  }

  /** The last attribute added is of a tokenised type (XML 1.0, 3.3.3). */
  markTokenised(): void {
    this.isTokenised[this.count - 1] = 1
  }

  /** The scanner's own name object. */
  nameAt(index: number): XmlName {
    return this.names[index]!
  }

  name(index: number): string {
    return this.names[index]!.text
  }

  offset(index: number): number {
    return this.offsets[index]!
  }

  value(index: number): string {
    const text = this.texts[index]
    if (text != null) return text
    const start = this.starts[index]!
    const end = this.ends[index]!
    if (this.needsFolding[index] === 1 || this.isTokenised[index] === 1) return this.normalise(start, end, this.isTokenised[index] === 1)
    return this.isDocument ? this.source!.decode(start, end) : this.bytes.toString('utf8', start, end)
  }

  get(name: string): string | undefined {
    for (let i = 0; i < this.count; i++) {
      if (this.names[i]!.text === name) return this.value(i)
    }
    return undefined
  }

  private normalise(start: number, end: number, isTokenised: boolean): string {
    const { builder, bytes } = this
    builder.clear()
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!
      if (byte === carriageReturn && this.isDocument && bytes[i + 1] === lineFeed) continue
      builder.push(byte === carriageReturn || byte === lineFeed || byte === tab ? space : byte)
    }
    if (isTokenised) builder.collapseBlanks()
    return builder.toText()
  }
}
