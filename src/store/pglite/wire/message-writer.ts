import { giveBackMemory } from '../../give-back-memory.ts'

const firstBytes = 64 * 1024
/** A larger buffer is not kept for the next messages. */
const maxKeptBytes = 4 * 1024 * 1024
/** UTF-8 of one UTF-16 unit. */
const maxUnitBytes = 3

/** Writes messages of PostgreSQL's frontend protocol one behind the other. Numbers are in network order. */
export class MessageWriter {
  #buffer = Buffer.allocUnsafeSlow(firstBytes)
  #at = 0
  #messageAt = 0

  /** Begins a message of that type. */
  begin(type: string): void {
    this.#need(5)
    this.#buffer[this.#at] = type.charCodeAt(0)
    this.#messageAt = this.#at + 1
    this.#at += 5
  }

  /** Ends the message: its length is known now. */
  end(): void {
    this.#buffer.writeInt32BE(this.#at - this.#messageAt, this.#messageAt)
  }

  byte(value: number): void {
    this.#need(1)
    this.#buffer[this.#at++] = value
  }

  int16(value: number): void {
    this.#need(2)
    this.#at = this.#buffer.writeInt16BE(value, this.#at)
  }

  int32(value: number): void {
    this.#need(4)
    this.#at = this.#buffer.writeInt32BE(value, this.#at)
  }

  /** Of a number only where it is a safe integer. */
  int64(value: number | bigint): void {
    this.#need(8)
    if (typeof value === 'bigint') {
      this.#at = this.#buffer.writeBigInt64BE(value, this.#at)
    } else {
      this.#buffer.writeInt32BE(Math.floor(value / 2 ** 32), this.#at)
      this.#at = this.#buffer.writeUInt32BE(value >>> 0, this.#at + 4)
    }
  }

  /** A text that ends with a zero byte. */
  name(text: string): void {
    this.#text(text)
    this.byte(0)
  }

  /** Bytes with their length before them. */
  bytes(value: Uint8Array): void {
    this.int32(value.length)
    this.#need(value.length)
    this.#buffer.set(value, this.#at)
    this.#at += value.length
  }

  /** A text with its length in bytes before it. */
  text(value: string): void {
    this.sized(() => this.#text(value))
  }

  /** Calls `write`, and puts before what it has written how long that is. */
  sized(write: () => void): void {
    const lengthAt = this.#at
    this.int32(0)
    write()
    this.#buffer.writeInt32BE(this.#at - lengthAt - 4, lengthAt)
  }

  /** What was written since the last {@link clear}. */
  get written(): Uint8Array {
    return this.#buffer.subarray(0, this.#at)
  }

  /** Forgets what was written, and gives the memory of a large message back at once. */
  clear(): void {
    this.#at = 0
    if (this.#buffer.length <= maxKeptBytes) return
    giveBackMemory([this.#buffer])
    this.#buffer = Buffer.allocUnsafeSlow(firstBytes)
  }

  /** Makes room for so many bytes more: a large message grows once instead of by doubling. */
  reserve(bytes: number): void {
    this.#need(bytes)
  }

  #text(text: string): void {
    this.#need(text.length * maxUnitBytes)
    this.#at += this.#buffer.write(text, this.#at)
  }

  #need(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#at + bytes, this.#buffer.length * 2))
    larger.set(this.#buffer.subarray(0, this.#at))
    giveBackMemory([this.#buffer])
    this.#buffer = larger
  }
}
