/** Why a file or folder cannot be read, in few words; `missing` are those for one that is not there. */
export function whyUnreadable(error: unknown, missing = 'it is no longer there'): string {
  const { code, message, path } = error as NodeJS.ErrnoException
  // What Node says of a name with bytes that are no UTF-8, which it gives with replacement characters.
  if (code === 'ENOENT' && path?.includes('\ufffd')) return 'its name is not valid UTF-8'
  if (code === 'ENOENT') return missing
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it'
  return message
}
