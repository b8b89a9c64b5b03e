/**
 * Where a blob lies below the store's root: `ab/cd/abcd…`, so that no folder holds more than a few thousand entries.
 * Throws a `RangeError` if `key` is no lower-case hex SHA-256: nothing else ever becomes a file name.
 */
export function blobPath(key: string): string {
  if (!isBlobKey(key)) throw new RangeError('A blob key is a SHA-256 in lower-case hex.')
  return `${key.slice(0, 2)}/${key.slice(2, 4)}/${key}`
}

/** The key of the blob at a path, or `null` if the path is none of a blob. */
export function blobKey(path: string): string | null {
  const key = path.slice(path.lastIndexOf('/') + 1)
  return isBlobKey(key) && blobPath(key) === path ? key : null
}

function isBlobKey(key: string): boolean {
  return /^[0-9a-f]{64}$/.test(key)
}
