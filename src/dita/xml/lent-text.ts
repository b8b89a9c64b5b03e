import { Buffer } from 'node:buffer'
import type { XmlSource } from './events.ts'
import { normaliseLineEnds } from './line-ends.ts'

const noBytes: Buffer = Buffer.alloc(0)

/**
 * The piece of text that is being handed to a handler: a range of bytes, or one character.
 *
 * One for many documents, and with it one function for all of them: where each document made its own, V8 (of Node 24.21) carried documents that
 * were read already from one scavenge to the next. The heap of a loop grew to 270 MB between full collections instead of 50.
 */
export class LentText {
  private source: XmlSource | null = null
  private bytes = noBytes
  private start = 0
  private end = 0
  /** The character, or -1 for a range. */
  private codePoint = -1
  /** Line ends of the document are normalised; CRs of a replacement text come from character references and stay. */
  private isDocument = true

  /** Decodes what was lent last. */
  readonly decode = (): string => {
    if (this.codePoint >= 0) return String.fromCodePoint(this.codePoint)
    if (this.isDocument) return normaliseLineEnds(this.source!.decode(this.start, this.end))
    return this.bytes.toString('utf8', this.start, this.end)
  }

  /** Begins with another document. */
  open(source: XmlSource): void {
    this.source = source
  }

  lendRange(bytes: Buffer, start: number, end: number, isDocument: boolean): () => string {
    // Written for each piece of text, it costs the collector's notes of what old objects refer to: 1 % of reading a topic.
    if (!isDocument) this.bytes = bytes
    this.start = start
    this.end = end
    this.codePoint = -1
    this.isDocument = isDocument
    return this.decode
  }

  lendCharacter(codePoint: number): () => string {
    this.codePoint = codePoint
    return this.decode
  }

  /** Lets go of the document. */
  forget(): void {
    this.source = null
    this.bytes = noBytes
  }
}
