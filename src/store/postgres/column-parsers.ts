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

function listOf(parse: Parse): Parse {
  return (text) => arrayParser.create(text, parse).parse()
}
