import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { ApiError } from '../../../contract/errors.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { nameOf } from '../../../model/asset-path.ts'
import { findAssetByPath } from '../../../store/queries/find-asset.ts'
import { acceptsRange, isAsWanted, isUnmodified, lastModifiedOf } from '../../conditional.ts'
import { folderOfUrl } from '../../input/dam-path.ts'
import { parseRange } from '../../input/parse-range.ts'
import { attachment } from '../../present/content-disposition.ts'
import { etagOf } from '../../present/etag.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { conflictError } from './conflict-error.ts'
import { readContent } from './read-content.ts'

const bytes = (description: string) => ({ description, content: { '*/*': { schema: Type.String({ format: 'binary' }) } } })
const responses = {
  200: bytes('The content, with its own media type.'),
  206: bytes('The range of it that was asked for.'),
  304: Type.Null({ description: 'The caller has it already.' }),
  404: ProblemDetails,
  412: ProblemDetails,
  416: ProblemDetails,
}

/**
 * `GET /content/dam/…`: the bytes as they were uploaded. Foreign content: a browser is told to save it, never to show or run it.
 * One range may be asked for, and all of it on conditions (RFC 9110, sections 13 and 14).
 */
export function getOriginal(server: Server, services: HttpServices): void {
  server.route({
    method: 'GET',
    url: '/content/dam/*',
    config: { scope: 'read' },
    schema: { tags: ['dam'], summary: 'Download the original', response: responses },
    handler: async (request, reply) => {
      const { path } = folderOfUrl(request.url)
      const asset = await findAssetByPath(services.database.kysely, path)
      if (!asset) throw new ApiError('assetNotFound', 'No asset is at this path. What a folder holds is answered by /api/v1/folders.')
      const etag = etagOf(asset.sha256)
      reply.headers({ etag, 'accept-ranges': 'bytes', 'cache-control': 'private, no-cache', 'x-asset-uuid': asset.uuid })
      reply.headers({ 'content-security-policy': "sandbox; default-src 'none'", 'content-disposition': attachment(nameOf(asset.path)) })
      const lastModified = lastModifiedOf(asset.received_at)
      if (lastModified !== null) reply.header('last-modified', lastModified)
      if (!isAsWanted(request.headers, asset)) throw conflictError('precondition')
      if (isUnmodified(request.headers, etag, lastModified)) return reply.code(304).send(null)
      reply.type(asset.media_type)
      const range = acceptsRange(request.headers, etag, lastModified) ? parseRange(request.headers.range, asset.size) : null
      if (range === 'unsatisfiable') {
        throw new ApiError('rangeNotSatisfiable', `The content has ${asset.size} bytes.`, {
          headers: { 'content-range': `bytes */${asset.size}` },
        })
      }
      const { from, to } = range ?? { from: 0, to: asset.size }
      if (range) reply.code(206).header('content-range', `bytes ${from}-${to - 1}/${asset.size}`)
      reply.header('content-length', String(to - from))
      if (request.method === 'HEAD') return reply.send(null)
      return reply.send(Readable.from(await readContent(services, asset, from, to), { objectMode: false }) as never)
    },
  })
}
