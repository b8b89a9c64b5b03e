import { ApiError } from '../../../contract/errors.ts'
import { CreatedFolder, CreateFolderRequest } from '../../../contract/native/folder.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { covers, parseNewPath, repositoryRoot } from '../../../model/asset-path.ts'
import { parsePathParameter } from '../../input/path-parameter.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'

/** `POST /api/v1/folders`: creates a folder with those above it; 200 when it is there already. */
export function createFolder(server: Server, services: HttpServices): void {
  server.post(
    '/api/v1/folders',
    {
      config: { scope: 'write' },
      schema: {
        tags: ['native'],
        summary: 'Create a folder',
        body: CreateFolderRequest,
        response: { 200: CreatedFolder, 201: CreatedFolder, 400: ProblemDetails, 409: ProblemDetails },
      },
    },
    async (request, reply) => {
      const path = parsePathParameter(request.body.path, '/path')
      if (!covers(repositoryRoot, path)) throw new ApiError('invalidPath', `Folders are created below ${repositoryRoot}.`)
      parseNewPath(path)
      const outcome = await services.createFolder(path, { actor: request.identity!.name })
      if (outcome === 'conflict') throw new ApiError('conflict', 'An asset is at this path or above it.')
      const isNew = outcome === 'created'
      reply.code(isNew ? 201 : 200)
      return { path, outcome: isNew ? ('created' as const) : ('exists' as const) }
    },
  )
}
