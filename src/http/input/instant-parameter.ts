import { ApiError } from '../../contract/errors.ts'

/** What the database and RFC 3339 can both write. */
const first = Date.parse('0001-01-01T00:00:00Z')
const last = Date.parse('9999-12-31T23:59:59.999Z')

/**
 * The instant that a parameter or a field names whose form is checked already. Throws an ApiError that names it by its JSON pointer: RFC 3339 also
 * allows leap seconds, the year 0, and years that only their offset makes too large.
 */
export function parseInstant(text: string, pointer: string): Date {
  const at = new Date(text)
  if (at.getTime() >= first && at.getTime() <= last) return at
  throw new ApiError('invalidInput', 'There is no such instant here.', {
    errors: [{ pointer, detail: 'must be an instant of the years 1 to 9999 in UTC, and no leap second' }],
  })
}
