import { ApiError } from '../../../contract/errors.ts'

/** Reads a body in pieces of known lengths, however it arrives. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>
  #piece: Buffer = Buffer.alloc(0)
  #at = 0
  /** Bytes before `#piece`. */
  #passed = 0

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#pieces = body[Symbol.asyncIterator]()
  }

  /** Bytes that were read so far. */
  get position(): number {
    return this.#passed + this.#at
  }

  /** The next bytes as a view, if they have arrived in one piece; nothing is waited for. */
  takeNow(length: number): Buffer | undefined {
    if (length > this.#piece.length - this.#at) return undefined
    return this.#piece.subarray(this.#at, (this.#at += length))
  }

  /** The next bytes, or `null` at the end of the body. Throws an ApiError when it ends before the last of them. */
  async take(length: number): Promise<Buffer | null> {
    const now = this.takeNow(length)
    if (now) return now
    if (!(await this.#more())) return null
    const whole = this.takeNow(length)
    if (whole) return whole
    const bytes = Buffer.allocUnsafe(length)
    let filled = 0
    for await (const part of this.stream(length)) {
      bytes.set(part, filled)
      filled += part.length
    }
    return bytes
  }

  /** The next bytes as they arrive. Throws an ApiError when the body ends before the last of them. */
  async *stream(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      if (!(await this.#more())) throw new ApiError('malformedBody', 'The archive breaks off.')
      const part = this.takeNow(Math.min(left, this.#piece.length - this.#at))!
      left -= part.length
      yield part
    }
  }

  /** Reads to the end of the body. */
  async drain(): Promise<void> {
    while (await this.#more()) this.#at = this.#piece.length
  }

  /** Leaves the body where it is. */
  async leave(): Promise<void> {
    await this.#pieces.return?.()
  }

  /** Whether there is at least one more byte, which is then at hand. */
  async #more(): Promise<boolean> {
    while (this.#at === this.#piece.length) {
      const next = await this.#pieces.next()
      if (next.done) return false
      this.#passed += this.#at
      this.#piece = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength)
      this.#at = 0
    }
    return true
  }
}
