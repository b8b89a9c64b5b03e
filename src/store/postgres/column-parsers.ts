import pg from 'pg'
import { columnTypes, parseBytes, parseInteger, parseTimestamp } from '../column-values.ts'

type Parse = (text: string) => unknown

/** The declarations of pg-types describe another version's arrayParser. */
const arrayParser = pg.types.arrayParser as unknown as { create(text: string, parse: Parse): { parse(): unknown[] } }

const asText: Parse = (text) => text

const scalars = new Map<number, Parse>([
  [columnTypes.bytes, parseBytes],
  [columnTypes.integer, parseInteger],
  [columnTypes.timestamp, parseTimestamp],
  [columnTypes.timestampWithZone, parseTimestamp],
  [columnTypes.date, asText],
  [columnTypes.interval, asText],
  [columnTypes.bytesArray, listOf(parseBytes)],
  [columnTypes.integerArray, listOf(parseInteger)],
  [columnTypes.timestampArray, listOf(parseTimestamp)],
  [columnTypes.timestampWithZoneArray, listOf(parseTimestamp)],
  [columnTypes.dateArray, listOf(asText)],
  [columnTypes.numericArray, listOf(asText)],
])

/** Given to `pg` in place of its own parsers, whose types would differ from the embedded database's. */
export const columnParsers = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): Parse {
    return (format !== 'binary' && scalars.get(oid)) || (pg.types.getTypeParser(oid, format as 'text') as Parse)
  },
}

const binaryScalars = new Map<number, (bytes: Buffer) => unknown>([
  [columnTypes.boolean, (bytes) => bytes[0] === 1],
  // What came with it is given back.
  [columnTypes.bytes, (bytes) => new Uint8Array(bytes)],
  [columnTypes.integer, (bytes) => parseInteger(String(bytes.readBigInt64BE()))],
  [columnTypes.middleInteger, (bytes) => bytes.readInt32BE()],
  [columnTypes.text, (bytes) => bytes.toString()],
])

/** The same for rows that come in binary. Only a few types are read so: a query for another one is a mistake, and is told. */
export const binaryColumnParsers = {
  getTypeParser(oid: number): (bytes: Buffer) => unknown {
    const parse = binaryScalars.get(oid)
    if (!parse) throw new TypeError(`Values of the type ${oid} are not read in binary.`)
    return parse
  },
}

function listOf(parse: Parse): Parse {
  return (text) => arrayParser.create(text, parse).parse()
}
