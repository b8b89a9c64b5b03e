import { columnTypes } from '../../column-values.ts'

/** Reads a value from where it stands in a message. */
type ReadValue = (message: Buffer, start: number, end: number) => unknown

/** A column of a result: its name, and how its values are sent and read. */
export interface Column {
  readonly name: string
  /** OID. */
  readonly type: number
  readonly isBinary: boolean
  readonly read: ReadValue
}

/** The types that are asked for in binary: as text, bytes are twice as long and written digit by digit, and numbers have to be parsed. */
const binaryReaders: Readonly<Record<number, ReadValue>> = {
  [columnTypes.boolean]: (message, start) => message[start] === 1,
  // A buffer of its own: that of the message moves to another thread, or is given back.
  [columnTypes.bytes]: (message, start, end) => new Uint8Array(message.subarray(start, end)),
  [columnTypes.smallInteger]: (message, start) => message.readInt16BE(start),
  [columnTypes.middleInteger]: (message, start) => message.readInt32BE(start),
  [columnTypes.integer]: readInteger,
  [columnTypes.text]: (message, start, end) => message.toString('utf8', start, end),
}

/** How a column of that type is read. `parse` makes a value of its text, where the type has no binary form here. */
export function columnOf(name: string, type: number, parse?: ((text: string) => unknown) | undefined): Column {
  const read = binaryReaders[type]
  if (read) return { name, type, isBinary: true, read }
  const readText: ReadValue = (message, start, end) => message.toString('utf8', start, end)
  return { name, type, isBinary: false, read: parse ? (message, start, end) => parse(readText(message, start, end) as string) : readText }
}

/** int8. Throws RangeError beyond 2^53, as `parseInteger` does. */
function readInteger(message: Buffer, start: number): number {
  const value = message.readInt32BE(start) * 2 ** 32 + message.readUInt32BE(start + 4)
  if (!Number.isSafeInteger(value))
    throw new RangeError(`The database gave the integer ${message.readBigInt64BE(start)}, which a JavaScript number cannot hold exactly.`)
  return value
}
