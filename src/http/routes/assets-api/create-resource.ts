import type { FastifyRequest } from 'fastify'
import { AssetsApiResult } from '../../../contract/dam/assets-api.ts'
import { ApiError } from '../../../contract/errors.ts'
import { ProblemDetails } from '../../../contract/problem-details.ts'
import { type AssetPath, parentOf, pathKey } from '../../../model/asset-path.ts'
import type { Properties } from '../../../model/properties.ts'
import type { Upload } from '../../../processing/receive-revision.ts'
import { findStoredPaths } from '../../../store/queries/find-stored-paths.ts'
import { refuseConditions } from '../../conditional.ts'
import { damAddress, folderOfUrl, newPathOfUrl } from '../../input/dam-path.ts'
import { pathInFolder } from '../../input/file-name.ts'
import { uploadMediaType } from '../../input/media-type.ts'
import { readFileForm } from '../../input/read-file-form.ts'
import { presentAssetsApiResult } from '../../present/assets-api-result.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'
import { conflictError } from '../dam/conflict-error.ts'
import { readDescription } from './read-description.ts'
import { readPropertiesOf } from './read-properties.ts'

/**
 * `POST /api/assets/…`: creates a folder from a description in JSON, or an asset from any other body. With `/*` as the last segment both
 * are created in that folder from a form: `name`, `title`, and for an asset `file`.
 */
export function createAssetsApiResource(server: Server, services: HttpServices): void {
  server.post(
    '/api/assets/*',
    {
      config: { scope: 'write', body: 'upload' },
      validatorCompiler: () => () => true,
      schema: {
        tags: ['dam'],
        summary: 'Create a folder or an asset',
        response: { 201: AssetsApiResult, 400: ProblemDetails, 404: ProblemDetails, 409: ProblemDetails, 412: ProblemDetails },
      },
    },
    async (request, reply) => {
      refuseConditions(request.headers)
      const path = await create(request, services)
      return reply.code(201).send(presentAssetsApiResult(path, 201))
    },
  )
}

async function create(request: FastifyRequest, services: HttpServices): Promise<AssetPath> {
  const address = request.url.split('?', 1)[0]!
  if (address.endsWith('/*')) return createFromForm(request, services, folderOfUrl(damAddress(address.slice(0, -2))).path)
  const { path } = newPathOfUrl(damAddress(address))
  const body = await readDescription(request, path)
  const actor = request.identity!.name
  if ('description' in body) return createFolder(services, path, readPropertiesOf(body.description), actor)
  const { content, expectedBytes } = body
  const mediaType = uploadMediaType(request.claimedType)
  return createAsset(services, { path, body: content, expectedBytes, mediaType, onConflict: 'fail', actor })
}

async function createFromForm(request: FastifyRequest, services: HttpServices, folder: AssetPath): Promise<AssetPath> {
  const { fields, file } = await readFileForm(request, services)
  const path = pathInFolder(folder, fields.get('name') ?? file?.name ?? '', '/name')
  const actor = request.identity!.name
  if (file) return createAsset(services, { path, mediaType: uploadMediaType(file.mediaType), taken: file.taken, onConflict: 'fail', actor })
  return createFolder(services, path, readPropertiesOf({ properties: { title: fields.get('title') ?? null } }), actor)
}

async function createFolder(services: HttpServices, path: AssetPath, properties: Properties, actor: string): Promise<AssetPath> {
  const outcome = await services.createFolder(path, { parents: false, properties: JSON.stringify(properties), actor })
  if (outcome === 'exists') throw new ApiError('conflict', 'A folder is at this path.')
  if (outcome === 'conflict') throw new ApiError('conflict', 'An asset is at this path or above it.')
  if (outcome === 'no-parent') throw parentMissing()
  return path
}

async function createAsset(services: HttpServices, upload: Upload): Promise<AssetPath> {
  const folder = parentOf(upload.path)
  if (!(await findStoredPaths(services.database.kysely, [folder])).has(pathKey(folder))) throw parentMissing()
  const { outcome, conflict, path } = await services.receive(upload)
  if (outcome !== 'conflict') return path
  throw conflict === 'asset-exists' ? new ApiError('conflict', 'An asset is at this path.') : conflictError(conflict)
}

function parentMissing(): ApiError {
  return new ApiError('folderNotFound', 'The folder above does not exist: create it first.')
}
