import { ApiError } from '../../../contract/errors.ts'
import { repositoryRoot } from '../../../model/asset-path.ts'
import { rootFolder } from '../../input/dam-path.ts'
import type { Server } from '../../server.ts'

/** `/content/dam` itself, which the pattern of what is below it does not match: a folder, so no content, and not to be changed. */
export function answerRootFolder(server: Server): void {
  server.route({
    method: 'GET',
    url: repositoryRoot,
    config: { scope: 'read' },
    schema: { hide: true },
    handler: async () => {
      throw new ApiError('assetNotFound', `${repositoryRoot} is the root folder, no asset. GET /api/v1/folders lists what it holds.`)
    },
  })
  server.route({
    method: ['PUT', 'DELETE'],
    url: repositoryRoot,
    config: { scope: 'write' },
    schema: { hide: true },
    handler: async () => {
      throw rootFolder()
    },
  })
}
