import { AssetsApiResult } from '../../../contract/dam/assets-api.ts'
import { ApiError } from '../../../contract/errors.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { findAssetByPath } from '../../../store/queries/find-asset.ts'
import { preconditionOf, refuseConditions } from '../../conditional.ts'
import { damAddress, pathOfUrl } from '../../input/dam-path.ts'
import { uploadMediaType } from '../../input/media-type.ts'
import { presentAssetsApiResult } from '../../present/assets-api-result.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { conflictError } from '../dam/conflict-error.ts'
import { readDescription } from './read-description.ts'
import { readChangesOf } from './read-properties.ts'

/** `PUT /api/assets/…`: JSON changes the properties of an asset or a folder; any other body is a new revision of an asset that exists. */
export function updateAssetsApiResource(server: Server, services: HttpServices): void {
  const missing = () =>
    new ApiError('assetNotFound', 'Neither an asset nor a folder is at this path, and PUT only updates: POST creates one.')
  server.put(
    '/api/assets/*',
    {
      config: { scope: 'write', body: 'upload' },
      validatorCompiler: () => () => true,
      schema: {
        tags: ['dam'],
        summary: 'Update an asset or the properties of an asset or a folder',
        response: { 200: AssetsApiResult, 400: ProblemDetails, 404: ProblemDetails, 412: ProblemDetails },
      },
    },
    async (request) => {
      const { path } = pathOfUrl(damAddress(request.url))
      const actor = request.identity!.name
      const body = await readDescription(request, path)
      if ('description' in body) {
        refuseConditions(request.headers)
        if (!(await services.tree.changeProperties(path, readChangesOf(body.description), actor))) throw missing()
        return presentAssetsApiResult(path, 200)
      }
      if (!(await findAssetByPath(services.database.kysely, path))) throw missing()
      const demanded = preconditionOf(request.headers)
      const { outcome, conflict } = await services.receive({
        path,
        body: body.content,
        expectedBytes: body.expectedBytes,
        mediaType: uploadMediaType(request.claimedType),
        onConflict: 'overwrite',
        actor,
        // Removed meanwhile: an update does not create.
        precondition: (current) => current !== null && (demanded?.(current) ?? true),
      })
      if (outcome === 'conflict') throw demanded ? conflictError(conflict) : missing()
      return presentAssetsApiResult(path, 200)
    },
  )
}
