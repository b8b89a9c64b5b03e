import { ApiError } from '../../../contract/errors.ts'

/** Headers take one such block, contents a whole number of them. */
export const tarBlockBytes = 512

/** What the header of a member says (POSIX.1-1988 `ustar`, and GNU tar's form of it). */
export interface TarHeader {
  /** Type of the member: `0` a file, `5` a folder, `x` extensions of the next one, … */
  readonly kind: string
  /** The name as it is in the archive, in no known encoding. */
  readonly name: Buffer
  /** Bytes of content, padding not included. */
  readonly size: number
}

/** Reads a block as the header of a member; `null` for the block of zeros at the end. Throws an ApiError for what is neither. */
export function parseTarHeader(block: Buffer): TarHeader | null {
  let sum = 0
  for (let at = 0; at < tarBlockBytes; at++) sum += block[at]!
  if (sum === 0) return null
  for (let at = 148; at < 156; at++) sum += 0x20 - block[at]!
  if (parseNumber(block, 148, 8) !== sum) throw notTar(block)
  const size = parseNumber(block, 124, 12)
  if (!(size <= Number.MAX_SAFE_INTEGER)) throw new ApiError('malformedBody', 'A member of the archive has no readable size.')
  return { kind: block[156] === 0 ? '0' : String.fromCharCode(block[156]!), name: nameOf(block), size }
}

/** GNU tar has other things where POSIX has the beginning of a long name, and ends the magic with blanks. */
function nameOf(block: Buffer): Buffer {
  const name = textAt(block, 0, 100)
  const isPosix = block[257] === 0x75 && block[262] === 0
  if (!isPosix || block[345] === 0) return name
  return Buffer.concat([textAt(block, 345, 155), Buffer.from('/'), name])
}

function textAt(block: Buffer, at: number, length: number): Buffer {
  const end = block.indexOf(0, at)
  return block.subarray(at, end === -1 ? at + length : Math.min(end, at + length))
}

/** Octal digits between blanks and NULs, or the big-endian form for what is too large for them. NaN for neither. */
function parseNumber(block: Buffer, at: number, length: number): number {
  if (block[at] === 0x80) return block.subarray(at + 1, at + length).reduce((value, byte) => value * 256 + byte, 0)
  let value = 0
  let digits = 0
  for (let index = at; index < at + length; index++) {
    const byte = block[index]!
    if (byte >= 0x30 && byte <= 0x37) {
      value = value * 8 + byte - 0x30
      digits++
    } else if (byte !== 0 && byte !== 0x20) return Number.NaN
    else if (digits > 0) break
  }
  return value
}

function notTar(block: Buffer): ApiError {
  const isGzip = block[0] === 0x1f && block[1] === 0x8b
  return new ApiError(
    'malformedBody',
    isGzip ? 'The archive is compressed: send it as it is.' : 'The body is no tar archive, or a damaged one.',
  )
}
