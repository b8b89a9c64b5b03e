import { ApiError } from '../contract/errors.ts'

/** The cursor of the page that begins after `key`. Opaque to callers, so that its meaning may change. */
export function createCursor(key: string): string {
  return Buffer.from(key).toString('base64url')
}

/** The key in a cursor, `''` without one. Throws an ApiError for what is no cursor of ours. */
export function readCursor(cursor: string | undefined): string {
  const key = Buffer.from(cursor ?? '', 'base64url').toString()
  if (cursor !== undefined && createCursor(key) !== cursor) throw foreignCursor()
  return key
}

/**
 * As {@link readCursor}, for a key that means something else than a text. Throws an ApiError also where `parse` gives `null`: a cursor of
 * another list.
 */
export function readCursorAs<Key>(cursor: string | undefined, parse: (key: string) => Key | null): Key | null {
  if (cursor === undefined) return null
  const key = parse(readCursor(cursor))
  if (key === null) throw foreignCursor()
  return key
}

/** A key that is a number, such as the id of a row; `null` for other texts. */
export function parseNumberKey(key: string): number | null {
  return /^\d{1,15}$/.test(key) ? Number(key) : null
}

function foreignCursor(): ApiError {
  return new ApiError('invalidInput', 'The cursor is none that this list made.', {
    errors: [{ pointer: '/cursor', detail: 'must be the nextCursor of the page before' }],
  })
}
