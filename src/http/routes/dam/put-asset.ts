import { Type } from 'typebox'
import { UploadReceipt } from '../../../contract/dam/receipt.ts'
import { ApiError } from '../../../contract/errors.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { maxUploadBytes } from '../../../model/limits.ts'
import type { Precondition } from '../../../processing/ports.ts'
import { findAssetByPath } from '../../../store/queries/find-asset.ts'
import { preconditionOf } from '../../conditional.ts'
import { announcedBytes } from '../../input/announced-bytes.ts'
import { newPathOfUrl } from '../../input/dam-path.ts'
import { incomingContent } from '../../input/incoming-content.ts'
import { uploadMediaType } from '../../input/media-type.ts'
import { refuseContentEncoding } from '../../input/read-body.ts'
import { etagOf } from '../../present/etag.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { urlPathOf } from '../../url-path.ts'
import { conflictError } from './conflict-error.ts'

const rawBytes = { content: { 'application/octet-stream': { schema: Type.String({ format: 'binary' }) } } }

/**
 * `PUT /content/dam/…`: the raw bytes become a new revision of the asset at that path. `If-None-Match: *` only creates; `If-Match` only
 * replaces the content it names.
 */
export function putAsset(server: Server, services: HttpServices): void {
  const responses = { 200: UploadReceipt, 201: UploadReceipt, 400: ProblemDetails, 409: ProblemDetails, 412: ProblemDetails }
  server.put(
    '/content/dam/*',
    {
      config: { scope: 'write', body: 'upload' },
      validatorCompiler: () => () => true,
      schema: { tags: ['dam'], summary: 'Upload an asset', body: rawBytes, response: responses },
    },
    async (request, reply) => {
      const { path, isFolder } = newPathOfUrl(request.url)
      if (isFolder)
        throw new ApiError('invalidPath', 'The path ends with a slash, as a folder does. Create folders with POST /api/v1/folders.')
      refuseContentEncoding(request)
      const expectedBytes = announcedBytes(request, maxUploadBytes)
      const precondition = preconditionOf(request.headers)
      if (precondition) await requirePrecondition(services, path, precondition)
      const content = await incomingContent(request, services, expectedBytes)
      const receipt = await services.receive({
        ...content,
        path,
        mediaType: uploadMediaType(request.claimedType),
        onConflict: 'overwrite',
        precondition,
        actor: request.identity!.name,
      })
      const { uuid, revision, outcome } = receipt
      if (outcome === 'conflict' || outcome === 'skipped') throw conflictError(receipt.conflict)
      if (outcome === 'created') reply.header('location', urlPathOf(receipt.path))
      reply.headers({ etag: etagOf(receipt.sha256), 'x-asset-uuid': uuid, 'x-asset-revision': String(revision) })
      reply.code(outcome === 'created' ? 201 : 200)
      return { path: receipt.path, uuid, revision, outcome }
    },
  )
}

/** A body that would be refused after its end need not come: the commit asks again. */
async function requirePrecondition({ database }: HttpServices, path: string, precondition: Precondition): Promise<void> {
  const asset = await findAssetByPath(database.kysely, path)
  if (!precondition(asset)) throw conflictError('precondition')
}
