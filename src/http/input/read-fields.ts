import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../contract/errors.ts'
import { parseForm } from './parse-form.ts'
import { decodeUtf8, parseJson } from './parse-json.ts'
import { parseMultipartFields } from './parse-multipart-fields.ts'
import { readBody, refuseContentEncoding } from './read-body.ts'

/** A body of fields: the pairs of a form in order, or a JSON value. */
export type FieldsBody =
  | { readonly form: 'pairs'; readonly pairs: readonly (readonly [string, string])[] }
  | { readonly form: 'json'; readonly value: unknown }

/** Which bodies a route takes: their length, the names of its fields, and whether they may be JSON. */
export interface FieldsOptions {
  readonly limitBytes: number
  readonly json: boolean
  isField(name: string): boolean
}

/**
 * Reads a body for what it is: scripts often send one form under the name of another (curl announces every `-d` as a form, and callers of
 * Adobe's clients every body as JSON). JSON begins with a bracket and multipart holds its boundary, which no form of ours does; so the
 * bytes decide, and the Content-Type only where they say nothing. Throws an ApiError where no form fits.
 */
export async function readFields(request: FastifyRequest, options: FieldsOptions): Promise<FieldsBody> {
  refuseContentEncoding(request)
  const bytes = await readBody(request, options.limitBytes)
  const claimedType = request.claimedType ?? ''
  const mediaType = claimedType.split(';', 1)[0]!.trim().toLowerCase()
  const beginning = bytes
    .subarray(0, 4096)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
  if (beginning === '' && bytes.length <= 4096) return { form: 'pairs', pairs: [] }
  const boundary = /^--([^\r\n]{1,70})\r?\ncontent-disposition:/i.exec(beginning)?.[1] ?? announcedBoundary(claimedType, bytes)
  if (boundary !== undefined) return { form: 'pairs', pairs: await parseMultipartFields(bytes, boundary, options.isField) }
  const isJson = mediaType === 'application/json' || mediaType.endsWith('+json')
  if (options.json && /^[{[]/.test(beginning)) return { form: 'json', value: parseJson(bytes) }
  const looksLikeForm = options.isField(beginning.split('=', 1)[0]!.replace(/%5b/i, '[').replace(/%5d/i, ']'))
  if (mediaType === 'application/x-www-form-urlencoded' || looksLikeForm) {
    return { form: 'pairs', pairs: parseForm(decodeUtf8(bytes).trim()) }
  }
  if (options.json && isJson) return { form: 'json', value: parseJson(bytes) }
  if (mediaType === 'multipart/form-data')
    throw new ApiError('malformedBody', 'The body does not hold the boundary that its Content-Type names.')
  const accepted = [...(options.json ? ['application/json'] : []), 'application/x-www-form-urlencoded', 'multipart/form-data'].join(', ')
  throw new ApiError('unsupportedMediaType', `Send one of ${accepted}.`, { headers: { 'accept-post': accepted } })
}

/** The boundary that a Content-Type names, if the body has it at the beginning of a line. */
function announcedBoundary(contentType: string, bytes: Buffer): string | undefined {
  const [, quoted, plain] = /^\s*multipart\/form-data\b.*?;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) return undefined
  const line = Buffer.from(`--${boundary}`)
  return bytes.subarray(0, line.length).equals(line) || bytes.includes(`\n--${boundary}`) ? boundary : undefined
}
