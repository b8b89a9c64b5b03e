import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../../contract/errors.ts'
import { type AssetPath, nameOf } from '../../../model/asset-path.ts'
import { maxJsonBodyBytes } from '../../../model/http-limits.ts'
import { maxUploadBytes } from '../../../model/limits.ts'
import { onePiece } from '../../../processing/byte-pieces.ts'
import { announcedBytes } from '../../input/announced-bytes.ts'
import { parseJson } from '../../input/parse-json.ts'
import { bodyOf, readBody, refuseContentEncoding } from '../../input/read-body.ts'

/** What a body says about an asset or a folder. */
export interface Description {
  readonly class?: unknown
  readonly properties?: unknown
}

/** A body of the Assets HTTP API: a description in JSON, or the content of an asset. */
export type AssetsApiBody =
  | { readonly description: Description }
  | { readonly content: AsyncIterable<Uint8Array>; readonly expectedBytes: number | undefined }

/**
 * Reads a body for what it is. JSON is a description, except for an asset that is a JSON file itself: then only if it has `properties` or
 * `class`. An empty JSON body is an empty description.
 */
export async function readDescription(request: FastifyRequest, path: AssetPath): Promise<AssetsApiBody> {
  refuseContentEncoding(request)
  const expectedBytes = announcedBytes(request, maxUploadBytes)
  const mediaType = (request.claimedType ?? '').split(';', 1)[0]!.trim().toLowerCase()
  const isJson = mediaType === 'application/json' || mediaType === 'application/vnd.siren+json'
  const isJsonFile = nameOf(path).toLowerCase().endsWith('.json')
  if (!isJson || (isJsonFile && (expectedBytes ?? Number.POSITIVE_INFINITY) > maxJsonBodyBytes)) {
    return { content: bodyOf(request), expectedBytes }
  }
  const bytes = await readBody(request, maxJsonBodyBytes)
  if (bytes.length === 0) return { description: {} }
  if (!isJsonFile) return { description: toDescription(parseJson(bytes)) }
  const description = parseLeniently(bytes)
  return description && ('properties' in description || 'class' in description)
    ? { description }
    : { content: onePiece(bytes), expectedBytes: bytes.length }
}

function toDescription(value: unknown): Description {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new ApiError('invalidInput', 'The body must be an object such as {"properties": {"dc:title": "Manual"}}.')
}

function parseLeniently(bytes: Uint8Array): Description | null {
  try {
    return toDescription(parseJson(bytes))
  } catch (error) {
    if (error instanceof ApiError) return null
    throw error
  }
}
