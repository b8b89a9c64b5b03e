import { ApiError } from '../contract/errors.ts'

/** The cursor of the page that begins after `key`. Opaque to callers, so that its meaning may change. */
export function createCursor(key: string): string {
  return Buffer.from(key).toString('base64url')
}

/** The key in a cursor, `''` without one. Throws an ApiError for what is no cursor of ours. */
export function readCursor(cursor: string | undefined): string {
  const key = Buffer.from(cursor ?? '', 'base64url').toString()
  if (cursor !== undefined && createCursor(key) !== cursor) {
    throw new ApiError('invalidInput', 'The cursor is none that this server made.', {
      errors: [{ pointer: '/cursor', detail: 'must be the nextCursor of the page before' }],
    })
  }
  return key
}
