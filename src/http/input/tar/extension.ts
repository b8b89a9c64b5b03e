import { ApiError } from '../../../contract/errors.ts'

/** What a member before it says about the next one. */
export interface Extension {
  readonly name?: Buffer
  readonly size?: number
  /** Its content is not what the file holds: GNU tar left holes out. */
  readonly sparse?: boolean
}

/** The long name that GNU tar sends ahead (kind `L`). */
export function gnuLongName(content: Buffer): Extension {
  const end = content.indexOf(0)
  return { name: end === -1 ? content : content.subarray(0, end) }
}

/** The records of POSIX.1-2001 (kind `x`): `length key=value\n`, where the length counts the whole record. Throws an ApiError for others. */
export function paxExtension(content: Buffer): Extension {
  const extension: { -readonly [Key in keyof Extension]: Extension[Key] } = {}
  for (let at = 0; at < content.length; ) {
    const blank = content.indexOf(0x20, at)
    const length = blank === -1 ? Number.NaN : Number(content.toString('latin1', at, blank))
    const end = at + length
    const equals = content.indexOf(0x3d, blank)
    if (!(end <= content.length) || equals <= blank || equals >= end || content[end - 1] !== 0x0a) throw malformed()
    const key = content.toString('latin1', blank + 1, equals)
    const value = content.subarray(equals + 1, end - 1)
    if (key === 'path') extension.name = value
    else if (key === 'size') extension.size = parseSize(value)
    else if (key.startsWith('GNU.sparse.')) extension.sparse = true
    at = end
  }
  return extension
}

function parseSize(value: Buffer): number {
  const digits = value.toString('latin1')
  if (!/^\d{1,15}$/.test(digits)) throw malformed()
  return Number(digits)
}

function malformed(): ApiError {
  return new ApiError('malformedBody', 'The archive has an extended header that cannot be read.')
}
