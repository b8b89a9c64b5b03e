import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import { ApiError } from '../../contract/errors.ts'
import { pathKey } from '../../model/asset-path.ts'

/** What an upload token says about itself. */
export interface UploadGrant {
  /** UUID of the upload. */
  readonly upload: string
  readonly expiresAt: Date
}

/** A part address without the server's. */
export interface PartGrant extends UploadGrant {
  readonly number: number
  readonly limitBytes: number
}

/**
 * What was granted is in the signed text itself and nowhere else: announcing an upload stores nothing, and any process with the key can
 * check it. A token holds for one path, a part address for one part of one upload, and neither reveals the other.
 */
export class UploadSignatures {
  /** Not the bytes: they would be prepared anew for each signature, 35 µs instead of 6. */
  readonly #key: KeyObject

  constructor(key: Buffer) {
    this.#key = createSecretKey(key)
  }

  createToken({ upload, expiresAt }: UploadGrant, path: string): string {
    const expires = seconds(expiresAt)
    return `${upload}.${expires}.${this.#sign('token', upload, expires, pathKey(path))}`
  }

  /** The upload that a token is for. Throws an ApiError for a token that was not made for this path, or whose time is over. */
  readToken(token: string, path: string): string {
    const [upload = '', expires = '', signature = ''] = token.split('.')
    if (!isEqual(signature, this.#sign('token', upload, expires, pathKey(path)))) {
      throw new ApiError('uploadNotFound', 'The uploadToken was not made for this file in this folder.')
    }
    if (isOver(expires)) throw new ApiError('uploadNotFound', 'The time of this uploadToken is over.')
    return upload
  }

  /** Path and query of the address of a part. */
  createPartAddress({ upload, number, limitBytes, expiresAt }: PartGrant): string {
    const expires = seconds(expiresAt)
    const signature = this.#sign('part', upload, String(number), String(limitBytes), expires)
    return `/uploads/${upload}/${number}?limit=${limitBytes}&expires=${expires}&signature=${signature}`
  }

  /** Throws an ApiError unless the address of a part is one that was made here, and whose time is not over. */
  checkPartAddress(part: Record<'upload' | 'number' | 'limit' | 'expires' | 'signature', string>): void {
    const { upload, number, limit, expires, signature } = part
    if (!isEqual(signature, this.#sign('part', upload, number, limit, expires))) {
      throw new ApiError('uploadUriInvalid', 'The signature does not belong to the address.')
    }
    if (isOver(expires)) throw new ApiError('uploadUriInvalid', 'The time of this address is over.')
  }

  #sign(...words: readonly string[]): string {
    return createHmac('sha256', this.#key).update(words.join('\n')).digest('base64url')
  }
}

function seconds(at: Date): string {
  return String(Math.floor(at.getTime() / 1000))
}

/**
 * Of a text that was signed here, so it is a number. By the clock of this process, as it was made by that of the one that announced the
 * upload: where they differ by some minutes, the six hours are some minutes longer or shorter. Parts, and that an upload was completed, are
 * kept by the clock of the database for `directUploadGraceMs` longer, so up to that difference nothing is missing that an address still
 * allows; beyond it an upload is said not to be whole, and none is received twice.
 */
function isOver(expires: string): boolean {
  return Number(expires) * 1000 < Date.now()
}

function isEqual(given: string, right: string): boolean {
  const bytes = Buffer.from(given)
  return bytes.length === right.length && timingSafeEqual(bytes, Buffer.from(right))
}
