import type { FastifyRequest } from 'fastify'
import { ApiError, type ErrorName } from '../../../contract/errors.ts'
import type { AssetPath } from '../../../model/asset-path.ts'
import type { TransferOrder, TransferOutcome } from '../../../processing/tree-ports.ts'
import { refuseConditions } from '../../conditional.ts'
import { damAddress, newPathOfUrl, pathOfUrl } from '../../input/dam-path.ts'
import { presentAssetsApiResult } from '../../present/assets-api-result.ts'
import type { Server } from '../../server.ts'
import type { HttpServices } from '../../services.ts'

const refusals: Readonly<Record<Exclude<TransferOutcome, 'created' | 'replaced'>, readonly [ErrorName, string]>> = {
  'source-missing': ['assetNotFound', 'Neither an asset nor a folder is at this path.'],
  'parent-missing': ['folderNotFound', 'The folder of the destination does not exist: create it first.'],
  'asset-above': ['conflict', 'An asset is where the folder of the destination would have to be.'],
  exists: ['preconditionFailed', 'Something is at the destination, and X-Overwrite: F keeps it.'],
  'into-itself': ['conflict', 'The destination is the source itself, above it or below it.'],
  'too-long': ['invalidPath', 'A path would become too long.'],
}

type Transfer = (request: FastifyRequest, order: TransferOrder) => Promise<TransferOutcome>

/** `MOVE` and `COPY /api/assets/…` with `X-Destination`, `X-Depth` and `X-Overwrite`. 201, or 204 where something was replaced. */
export function transferAssetsApiResource(server: Server, { tree }: HttpServices): void {
  const methods: Readonly<Record<string, Transfer>> = {
    COPY: (request, order) => tree.copy(order, request.headers['x-depth'] === '0'),
    MOVE: (_request, order) => tree.move(order),
  }
  for (const [method, transfer] of Object.entries(methods)) {
    server.addHttpMethod(method, { hasBody: true })
    server.route({
      method,
      url: '/api/assets/*',
      config: { scope: 'write' },
      // OpenAPI knows no such methods.
      schema: { hide: true },
      handler: async (request, reply) => {
        refuseConditions(request.headers)
        const order = readOrder(request)
        const isNew = isCreated(await transfer(request, order))
        return isNew ? reply.code(201).send(presentAssetsApiResult(order.destination, 201)) : reply.code(204).send()
      },
    })
  }
}

function readOrder(request: FastifyRequest): TransferOrder {
  return {
    source: pathOfUrl(damAddress(request.url)).path,
    destination: destinationOf(request),
    overwrite: String(request.headers['x-overwrite'] ?? 'T').toUpperCase() !== 'F',
    actor: request.identity!.name,
  }
}

/** A path, or an address of this server; percent-encoded as that of a request. */
function destinationOf({ headers }: FastifyRequest): AssetPath {
  const header = headers['x-destination']
  if (typeof header !== 'string' || header === '') throw new ApiError('preconditionFailed', 'The header X-Destination is missing.')
  // Node gives each byte as a character: what is no ASCII would be stored under a name that nobody has sent.
  if (/[^\x20-\x7e]/.test(header))
    throw new ApiError('malformedUrl', 'X-Destination is not percent-encoded: encode each name once, as UTF-8.')
  const address = header.replace(/^https?:\/\/[^/]+/, '')
  if (!address.startsWith('/api/assets/')) throw new ApiError('invalidPath', 'X-Destination must begin with /api/assets/.')
  return newPathOfUrl(damAddress(address)).path
}

function isCreated(outcome: TransferOutcome): boolean {
  if (outcome === 'created' || outcome === 'replaced') return outcome === 'created'
  const [kind, detail] = refusals[outcome]
  throw new ApiError(kind, detail)
}
