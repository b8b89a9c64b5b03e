const byteaOid = 17

/**
 * A bytea[] parameter in PostgreSQL's binary form (array_recv in arrayfuncs.c): dimensions, null flag, element type, then length and
 * lower bound of the dimension, then each element with its length, -1 for NULL. As text it would cost two characters a byte and an escape.
 */
export function encodeBytesArray(values: ReadonlyArray<Uint8Array | null>): Uint8Array {
  const size = values.reduce((sum, value) => sum + 4 + (value?.length ?? 0), 20)
  const out = new Uint8Array(size)
  const view = new DataView(out.buffer)
  const header = [1, values.includes(null) ? 1 : 0, byteaOid, values.length, 1]
  for (const [index, number] of header.entries()) view.setInt32(index * 4, number)
  let offset = 20
  for (const value of values) {
    view.setInt32(offset, value?.length ?? -1)
    if (value) out.set(value, offset + 4)
    offset += 4 + (value?.length ?? 0)
  }
  return out
}
