import { ApiError } from '../../contract/errors.ts'

/**
 * Name and value pairs of a body of `application/x-www-form-urlencoded`, in order, decoded exactly once. Throws an ApiError for a
 * percent-encoding that is no UTF-8, which URLSearchParams would silently turn into another name.
 */
export function parseForm(text: string): [string, string][] {
  return parsePairs(text, (piece, cause) => new ApiError('malformedBody', `"${piece}" is not percent-encoded UTF-8.`, { cause }))
}

/** The query of a request as pairs, as {@link parseForm} reads them. */
export function queryPairs(url: string): [string, string][] {
  const mark = url.indexOf('?')
  if (mark < 0) return []
  const refusal: Refusal = (piece, cause) =>
    new ApiError('malformedUrl', `"${piece}" in the query is not percent-encoded UTF-8.`, { cause })
  return parsePairs(url.slice(mark + 1), refusal)
}

type Refusal = (piece: string, cause: unknown) => ApiError

function parsePairs(text: string, refusal: Refusal): [string, string][] {
  const pairs: [string, string][] = []
  for (const piece of text.split('&')) {
    if (piece === '') continue
    const equals = piece.indexOf('=')
    const name = equals < 0 ? piece : piece.slice(0, equals)
    const value = equals < 0 ? '' : piece.slice(equals + 1)
    pairs.push([decode(name, refusal), decode(value, refusal)])
  }
  return pairs
}

function decode(text: string, refusal: Refusal): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (cause) {
    throw refusal(text.slice(0, 100), cause)
  }
}
