/**
 * What a column's text becomes in JavaScript. Both engines use these functions, so that a query gives the same types on either.
 * Everything that is not named here keeps its PostgreSQL text (numeric, date, interval, uuid …).
 */

/** int8: a number. Throws RangeError beyond 2^53, where a number would silently be another one. */
export function parseInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value))
    throw new RangeError(`The database gave the integer ${text}, which a JavaScript number cannot hold exactly.`)
  return value
}

/** timestamptz and timestamp (read as UTC): a Date, cut to milliseconds; `infinity` becomes the number. */
export function parseTimestamp(text: string): Date | number {
  if (text === 'infinity') return Number.POSITIVE_INFINITY
  if (text === '-infinity') return Number.NEGATIVE_INFINITY
  const zone = /([+-]\d\d)(:\d\d)?(?::\d\d)?$/.exec(text)
  const local = (zone ? text.slice(0, zone.index) : text).replace(' ', 'T')
  return new Date(zone ? `${local}${zone[1]}${zone[2] ?? ':00'}` : `${local}Z`)
}

/** bytea in its hex form: bytes in a buffer of their own, which may be transferred to another thread. */
export function parseBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array((text.length - 2) / 2)
  Buffer.from(bytes.buffer).write(text.slice(2), 'hex')
  return bytes
}

/** Object identifiers of the types that are read or written in a way of our own (pg_type.dat of PostgreSQL); `integer` is int8. */
export const columnTypes = {
  boolean: 16,
  bytes: 17,
  integer: 20,
  smallInteger: 21,
  middleInteger: 23,
  text: 25,
  date: 1082,
  timestamp: 1114,
  timestampWithZone: 1184,
  interval: 1186,
  numeric: 1700,
  booleanArray: 1000,
  bytesArray: 1001,
  smallIntegerArray: 1005,
  middleIntegerArray: 1007,
  textArray: 1009,
  integerArray: 1016,
  timestampArray: 1115,
  timestampWithZoneArray: 1185,
  dateArray: 1182,
  numericArray: 1231,
} as const
