/**
 * Lists in the binary form of PostgreSQL's arrays (array_recv in arrayfuncs.c): dimensions, whether there are nulls, element type, length and
 * lower bound of the one dimension, then each element with its length before it. Both engines take bytes as the binary form of whatever type the
 * parameter has. For lists that can be long, or of long texts: they move to the embedded database as they are, and need no quoting for a server.
 */
import type { StoredText } from '../processing/stored-text.ts'
import { columnTypes } from './column-values.ts'
import { OwnBytes } from './own-bytes.ts'

const headBytes = 20
const lengthBytes = 4

/** `text[]` */
export function textList(texts: readonly StoredText[]): Uint8Array {
  const list = new List(
    columnTypes.text,
    texts.length,
    texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
  )
  for (const text of texts) list.addText(text)
  return list.bytes
}

/** `bigint[]`, of safe integers. */
export function integerList(values: ArrayLike<number>): Uint8Array {
  const list = new List(columnTypes.integer, values.length, 8 * values.length)
  for (let index = 0; index < values.length; index++) list.addInteger(values[index]!)
  return list.bytes
}

/** `smallint[]` */
export function smallIntegerList(values: ArrayLike<number>): Uint8Array {
  const list = new List(columnTypes.smallInteger, values.length, 2 * values.length)
  for (let index = 0; index < values.length; index++) list.addSmallInteger(values[index]!)
  return list.bytes
}

class List {
  readonly bytes: OwnBytes
  readonly #view: DataView
  #at = 0

  constructor(elementType: number, length: number, elementBytes: number) {
    this.bytes = new OwnBytes(new ArrayBuffer(headBytes + length * lengthBytes + elementBytes))
    this.#view = new DataView(this.bytes.buffer)
    for (const value of [1, 0, elementType, length, 1]) this.#add(value)
  }

  addText(text: StoredText): void {
    const length = Buffer.byteLength(text)
    this.#add(length)
    if (typeof text === 'string') Buffer.from(this.bytes.buffer, this.#at, length).write(text)
    else this.bytes.set(text, this.#at)
    this.#at += length
  }

  addInteger(value: number): void {
    this.#add(8)
    this.#add(Math.floor(value / 2 ** 32))
    this.#view.setUint32(this.#at, value)
    this.#at += 4
  }

  addSmallInteger(value: number): void {
    this.#add(2)
    this.#view.setInt16(this.#at, value)
    this.#at += 2
  }

  #add(value: number): void {
    this.#view.setInt32(this.#at, value)
    this.#at += 4
  }
}
