import { Removal } from '../../../contract/dam/receipt.ts'
import { ApiError } from '../../../contract/errors.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { preconditionOf } from '../../conditional.ts'
import { pathOfUrl } from '../../input/dam-path.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'

/** `DELETE /content/dam/…`: removes the asset, or the folder with everything below it; with `If-Match` only the content it names. */
export function deletePath(server: Server, services: HttpServices): void {
  server.delete(
    '/content/dam/*',
    {
      config: { scope: 'write' },
      schema: {
        tags: ['dam'],
        summary: 'Remove an asset or a folder',
        response: { 200: Removal, 404: ProblemDetails, 412: ProblemDetails },
      },
    },
    async (request) => {
      const { path } = pathOfUrl(request.url)
      const removed = await services.remove(path, { precondition: preconditionOf(request.headers), actor: request.identity!.name })
      if (!removed) throw new ApiError('assetNotFound', 'Neither an asset nor a folder is at this path.')
      return { path, removedAssets: removed.assets }
    },
  )
}
