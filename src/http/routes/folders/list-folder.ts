import { Type } from 'typebox'
import { ApiError } from '../../../contract/errors.ts'
import { FolderListing } from '../../../contract/native/folder.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { covers, pathKey, repositoryRoot } from '../../../model/asset-path.ts'
import { findStoredPaths } from '../../../store/queries/find-stored-paths.ts'
import { listFolderChildren } from '../../../store/queries/list-folder-children.ts'
import { parsePathParameter } from '../../input/path-parameter.ts'
import { presentFolder } from '../../present/folder.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'

const Query = Type.Object({ path: Type.Optional(Type.String({ default: repositoryRoot })) }, { additionalProperties: false })

/** `GET /api/v1/folders?path=…`: a folder and its subfolders, each with the number of assets of each status in and below it. */
export function listFolder(server: Server, services: HttpServices): void {
  server.get(
    '/api/v1/folders',
    {
      config: { scope: 'read' },
      schema: { tags: ['native'], summary: 'Show a folder', querystring: Query, response: { 200: FolderListing, 404: ProblemDetails } },
    },
    async (request) => {
      const path = parsePathParameter(request.query.path ?? repositoryRoot, '/path')
      const stored = (await findStoredPaths(services.database.kysely, [path])).get(pathKey(path))
      // What is above the root of the repository, and the root itself, is there before the first asset.
      const exists = stored?.kind === 'folder' || covers(path, repositoryRoot)
      if (!exists) throw new ApiError('folderNotFound', stored ? 'An asset is at this path.' : 'No folder is at this path.')
      const folder = stored?.path ?? path
      const { names, counts } = await listFolderChildren(services.database.kysely, folder)
      return presentFolder(folder, names, counts)
    },
  )
}
