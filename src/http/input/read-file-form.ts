import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../contract/errors.ts'
import { maxUploadBytes, maxUploadFormBytes } from '../../model/limits.ts'
import type { TakenContent } from '../../processing/take-in-content.ts'
import { isMultipart } from '../plugins/json-bodies.ts'
import type { HttpServices } from '../services.ts'
import { partsOf, readable } from './multipart-parts.ts'
import { parseForm, queryPairs } from './parse-form.ts'
import { decodeUtf8 } from './parse-json.ts'
import { readBody, refuseContentEncoding } from './read-body.ts'

/** A form with at most one file, which is taken in already; fields may come after it. */
export interface FileForm {
  readonly fields: ReadonlyMap<string, string>
  readonly file: { readonly name: string; readonly mediaType: string; readonly taken: TakenContent } | null
}

/** Reads a form in the body, multipart or not, and in the query. Throws an ApiError for what is none. */
export async function readFileForm(request: FastifyRequest, services: Pick<HttpServices, 'takeIn'>): Promise<FileForm> {
  refuseContentEncoding(request)
  const fields = new Map(queryPairs(request.url))
  if (!isMultipart(request)) {
    for (const [name, value] of parseForm(decodeUtf8(await readBody(request, maxUploadFormBytes)))) fields.set(name, value)
    return { fields, file: null }
  }
  let file: FileForm['file'] = null
  for await (const part of partsOf(request)) {
    if (part.type === 'field') fields.set(part.fieldname, String(part.value))
    else if (file) throw new ApiError('invalidInput', 'There are several files: send one at a time.')
    else {
      const taken = await services.takeIn({ body: readable(part.file), limitBytes: maxUploadBytes })
      file = { name: part.filename ?? '', mediaType: part.mimetype, taken }
    }
  }
  return { fields, file }
}
