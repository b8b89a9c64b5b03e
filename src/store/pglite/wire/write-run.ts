import { arrayEncoderOf, writeArray } from './array-encoders.ts'
import type { MessageWriter } from './message-writer.ts'

/** A statement that PostgreSQL knows by name: the types of its parameters, and for each column of its result whether it is asked for in binary. */
export interface RunnableStatement {
  readonly name: string
  readonly types: readonly number[]
  readonly columns: readonly { readonly isBinary: boolean }[]
}

/** What makes a text of a value of that type that has no binary form here. */
export type ToText = (value: unknown, type: number | undefined) => string

/** Of a message, besides its bytes. */
const spareBytes = 1024

const formats = { text: 0, binary: 1 } as const

/**
 * Writes the messages that run a prepared statement (Bind, Execute, Sync). Bytes and arrays go in binary, all else as text: single values are short.
 * Throws RangeError for a value that its type cannot hold; the writer is then to be cleared.
 */
export function writeRun(
  writer: MessageWriter,
  { name, types, columns }: RunnableStatement,
  values: readonly unknown[],
  toText: ToText,
): void {
  const encoders = values.map((value, index) => arrayEncoderOf(types[index], value))
  writer.reserve(values.reduce<number>((sum, value) => sum + (value instanceof Uint8Array ? value.length : 0), spareBytes))
  writer.begin('B')
  writer.name('')
  writer.name(name)
  writer.int16(values.length)
  for (const [index, value] of values.entries())
    writer.int16(value instanceof Uint8Array || encoders[index] ? formats.binary : formats.text)
  writer.int16(values.length)
  for (const [index, value] of values.entries()) {
    const encoder = encoders[index]
    if (value === null || value === undefined) writer.int32(-1)
    else if (value instanceof Uint8Array) writer.bytes(value)
    else if (encoder) writer.sized(() => writeArray(writer, encoder, value as unknown[]))
    else writer.text(toText(value, types[index]))
  }
  writer.int16(columns.length)
  for (const column of columns) writer.int16(column.isBinary ? formats.binary : formats.text)
  writer.end()
  writer.begin('E')
  writer.name('')
  writer.int32(0)
  writer.end()
  writer.begin('S')
  writer.end()
}
