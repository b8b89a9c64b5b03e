/** Bytes from `from` up to `to` (excluded). */
export interface ByteRange {
  readonly from: number
  readonly to: number
}

/**
 * The one range that a Range header asks for (RFC 9110, section 14.1.2), cut to the size. `null`: send everything, as for a header that is
 * malformed, of another unit, or asks for several ranges (a server may always ignore it).
 */
export function parseRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return null
  const [, first, last] = match
  if (first === '') {
    const from = Math.max(0, size - Number(last))
    return from < size ? { from, to: size } : 'unsatisfiable'
  }
  const from = Number(first)
  const to = last === '' ? size : Math.min(size, Number(last) + 1)
  if (last !== '' && Number(last) < from) return null
  return from < size ? { from, to } : 'unsatisfiable'
}
