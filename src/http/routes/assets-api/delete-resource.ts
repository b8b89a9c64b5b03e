import { AssetsApiResult } from '../../../contract/dam/assets-api.ts'
import { ApiError } from '../../../contract/errors.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { preconditionOf } from '../../conditional.ts'
import { damAddress, pathOfUrl } from '../../input/dam-path.ts'
import { presentAssetsApiResult } from '../../present/assets-api-result.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'

/** `DELETE /api/assets/…`: removes the asset, or the folder with everything below it. */
export function deleteAssetsApiResource(server: Server, services: HttpServices): void {
  server.delete(
    '/api/assets/*',
    {
      config: { scope: 'write' },
      schema: {
        tags: ['dam'],
        summary: 'Remove an asset or a folder',
        response: { 200: AssetsApiResult, 404: ProblemDetails, 412: ProblemDetails },
      },
    },
    async (request) => {
      const { path } = pathOfUrl(damAddress(request.url))
      if (!(await services.remove(path, { precondition: preconditionOf(request.headers), actor: request.identity!.name })))
        throw new ApiError('assetNotFound', 'Neither an asset nor a folder is at this path.')
      return presentAssetsApiResult(path, 200)
    },
  )
}
