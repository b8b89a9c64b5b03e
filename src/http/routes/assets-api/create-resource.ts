import { AssetsApiResult } from '../../../contract/dam/assets-api.ts'
import { ApiError } from '../../../contract/errors.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { maxJsonBodyBytes } from '../../../model/limits.ts'
import { pathOfAssetsApi } from '../../body/dam-path.ts'
import { parseJson } from '../../body/parse-json.ts'
import { readBody, refuseContentEncoding } from '../../body/read-body.ts'
import { presentAssetsApiResult } from '../../present/assets-api-result.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { readPropertiesOf } from './read-properties.ts'

/**
 * `POST /api/assets/…` with a JSON description: creates a folder in one that exists. Adobe's clients say `"class": "assetFolder"`, older
 * ones leave it out.
 */
export function createAssetsApiResource(server: Server, services: HttpServices): void {
  server.post(
    '/api/assets/*',
    {
      config: { scope: 'write' },
      validatorCompiler: () => () => true,
      schema: {
        tags: ['dam'],
        summary: 'Create a folder',
        response: { 201: AssetsApiResult, 404: ProblemDetails, 409: ProblemDetails },
      },
    },
    async (request, reply) => {
      const { path } = pathOfAssetsApi(request.url)
      refuseContentEncoding(request)
      const body = parseJson(await readBody(request, maxJsonBodyBytes))
      if (typeof body !== 'object' || body === null) throw new ApiError('invalidInput', 'The body must be an object.')
      const properties = JSON.stringify(readPropertiesOf(body))
      const outcome = await services.createFolder(path, { parents: false, properties })
      if (outcome === 'exists') throw new ApiError('conflict', 'A folder is at this path.')
      if (outcome === 'conflict') throw new ApiError('conflict', 'An asset is at this path or above it.')
      if (outcome === 'no-parent') throw new ApiError('folderNotFound', 'The folder above this one does not exist: create it first.')
      return reply.code(201).send(presentAssetsApiResult(path, 201))
    },
  )
}
