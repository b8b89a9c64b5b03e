import { ApiError } from '../../contract/errors.ts'
import { maxUploadBytes } from '../../model/limits.ts'

/** A number of bytes from a form. Throws an ApiError that names the field. */
export function parseFileSize(text: string, pointer: string): number {
  const size = /^\d{1,15}$/.test(text.trim()) ? Number(text) : null
  if (size !== null && size <= maxUploadBytes) return size
  const detail = size === null ? 'must be a whole number of bytes' : `must be at most ${maxUploadBytes} bytes`
  throw new ApiError('invalidInput', 'A size cannot be used.', { errors: [{ pointer, detail }] })
}
