import { columnTypes } from '../../column-values.ts'
import type { MessageWriter } from './message-writer.ts'

/** Writes one element that is not null, with its length. Throws RangeError for what its type cannot hold. */
type WriteElement = (writer: MessageWriter, value: unknown) => void

interface ArrayEncoder {
  readonly elementType: number
  readonly write: WriteElement
}

/** The array types of our statements. Arrays of any other go as text. */
const encoders: Readonly<Record<number, ArrayEncoder>> = {
  [columnTypes.booleanArray]: { elementType: columnTypes.boolean, write: writeBoolean },
  [columnTypes.bytesArray]: { elementType: columnTypes.bytes, write: (writer, value) => writer.bytes(value as Uint8Array) },
  [columnTypes.smallIntegerArray]: { elementType: columnTypes.smallInteger, write: writeInteger(2) },
  [columnTypes.middleIntegerArray]: { elementType: columnTypes.middleInteger, write: writeInteger(4) },
  [columnTypes.integerArray]: { elementType: columnTypes.integer, write: writeInteger(8) },
  [columnTypes.textArray]: { elementType: columnTypes.text, write: (writer, value) => writer.text(String(value)) },
}

/** How an array of that type is written in binary; `null` where it goes as text, as arrays within arrays do. */
export function arrayEncoderOf(type: number | undefined, value: unknown): ArrayEncoder | null {
  if (type === undefined || !Array.isArray(value) || value.some(Array.isArray)) return null
  return encoders[type] ?? null
}

/**
 * PostgreSQL's binary form of an array (array_recv in arrayfuncs.c): dimensions, whether there are nulls, element type, then length and lower bound of
 * the one dimension, then each element with its length, -1 for null. As text each element would be quoted, and read character by character.
 */
export function writeArray(writer: MessageWriter, { elementType, write }: ArrayEncoder, values: readonly unknown[]): void {
  const isNull = (value: unknown) => value === null || value === undefined
  writer.int32(values.length === 0 ? 0 : 1)
  writer.int32(values.some(isNull) ? 1 : 0)
  writer.int32(elementType)
  if (values.length === 0) return
  writer.int32(values.length)
  writer.int32(1)
  for (const value of values) {
    if (isNull(value)) writer.int32(-1)
    else write(writer, value)
  }
}

function writeBoolean(writer: MessageWriter, value: unknown): void {
  writer.int32(1)
  writer.byte(value ? 1 : 0)
}

function writeInteger(bytes: 2 | 4 | 8): WriteElement {
  const limit = 2 ** (bytes * 8 - 1)
  return (writer, given) => {
    const value = typeof given === 'bigint' ? given : Number(given)
    const isHeld =
      typeof value === 'bigint'
        ? BigInt.asIntN(bytes * 8, value) === value
        : Number.isSafeInteger(value) && value >= -limit && value < limit
    if (!isHeld) throw new RangeError(`${String(given)} is not an integer of ${bytes} bytes.`)
    writer.int32(bytes)
    if (bytes === 8) writer.int64(value)
    else if (bytes === 4) writer.int32(Number(value))
    else writer.int16(Number(value))
  }
}
