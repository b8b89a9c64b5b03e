import { ApiError } from '../../contract/errors.ts'

/**
 * Name and value pairs of `application/x-www-form-urlencoded` text or a query, in order, decoded exactly once. Throws an ApiError for a
 * percent-encoding that is no UTF-8, which URLSearchParams would silently turn into another name.
 */
export function parseForm(text: string): [string, string][] {
  const pairs: [string, string][] = []
  for (const piece of text.split('&')) {
    if (piece === '') continue
    const equals = piece.indexOf('=')
    const name = equals < 0 ? piece : piece.slice(0, equals)
    const value = equals < 0 ? '' : piece.slice(equals + 1)
    pairs.push([decode(name), decode(value)])
  }
  return pairs
}

/** The query of a request as pairs. */
export function queryPairs(url: string): [string, string][] {
  const mark = url.indexOf('?')
  return mark < 0 ? [] : parseForm(url.slice(mark + 1))
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (cause) {
    throw new ApiError('malformedBody', `"${text.slice(0, 100)}" is not percent-encoded UTF-8.`, { cause })
  }
}
