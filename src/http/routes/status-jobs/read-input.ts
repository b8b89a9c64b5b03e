import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../../contract/errors.ts'
import { maxStatusJobBodyBytes } from '../../../model/limits.ts'
import { parseForm, queryPairs } from '../../body/parse-form.ts'
import { decodeUtf8, parseJson } from '../../body/parse-json.ts'
import { parseMultipartFields } from '../../body/parse-multipart-fields.ts'
import { readBody, refuseContentEncoding } from '../../body/read-body.ts'
import { type CollectedInput, collectFromJson, collectFromPairs, isInputName } from './collect-input.ts'

const acceptedTypes = 'application/json, application/x-www-form-urlencoded, multipart/form-data'

/** Body and query of a start of a status job, together. Throws an ApiError where no form fits. */
export async function readInput(request: FastifyRequest): Promise<CollectedInput> {
  const query = collectFromPairs(queryPairs(request.url))
  refuseContentEncoding(request)
  const bytes = await readBody(request, maxStatusJobBodyBytes)
  const body = await collectFromBody(bytes, request.claimedType ?? '')
  return { fields: [...body.fields, ...query.fields], findings: [...body.findings, ...query.findings] }
}

/**
 * Reads a body for what it is: scripts often send one form under the name of another (curl announces every `-d` as a form). JSON begins
 * with a bracket and multipart with its boundary, which no form of ours does; so the beginning decides, and the Content-Type only where
 * the beginning says nothing.
 */
async function collectFromBody(bytes: Buffer<ArrayBuffer>, claimedType: string): Promise<CollectedInput> {
  const mediaType = claimedType.split(';', 1)[0]!.trim().toLowerCase()
  const beginning = bytes
    .subarray(0, 4096)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
  if (beginning === '' && bytes.length <= 4096) return collectFromPairs([])
  const boundary = /^--([^\r\n]{1,70})\r?\ncontent-disposition:/i.exec(beginning)?.[1]
  if (mediaType === 'multipart/form-data' || boundary !== undefined) {
    return collectFromPairs(await parseMultipartFields(bytes, boundary ?? boundaryOf(claimedType), isInputName))
  }
  if (/^[{[]/.test(beginning)) return collectFromJson(parseJson(bytes))
  const looksLikeForm = isInputName(beginning.split('=', 1)[0]!)
  if (mediaType === 'application/x-www-form-urlencoded' || looksLikeForm) return collectFromPairs(parseForm(decodeUtf8(bytes).trim()))
  if (mediaType === 'application/json' || mediaType.endsWith('+json')) return collectFromJson(parseJson(bytes))
  throw new ApiError('unsupportedMediaType', `Send one of ${acceptedTypes}.`, { headers: { 'accept-post': acceptedTypes } })
}

function boundaryOf(contentType: string): string {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) throw new ApiError('malformedBody', 'The Content-Type multipart/form-data has no boundary.')
  return boundary
}
