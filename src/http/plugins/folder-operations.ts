import type { FastifyContextConfig, FastifyReply, FastifyRequest, FastifySchema, FastifyServerOptions } from 'fastify'
import type { Scope } from '../../contract/native/scope.ts'
import type { AssetPath } from '../../model/asset-path.ts'
import { folderOfUrl } from '../input/dam-path.ts'
import type { Server } from '../server.ts'

/** What can be done to a folder by a POST to its address with an ending, as AEM's servlets do it. */
export const folderOperations = ['initiateUpload.json', 'completeUpload.json', 'createasset.html'] as const
export type FolderOperation = (typeof folderOperations)[number]

type Strategy = NonNullable<NonNullable<FastifyServerOptions['routerOptions']>['constraints']>[string]
type Handlers = ReturnType<Strategy['storage']>

/** Tells the routes of such operations apart, which the router's patterns cannot: the ending comes after any number of segments. */
export const folderOperationConstraint: Strategy = {
  name: 'operation',
  storage(): Handlers {
    const handlers = new Map<string, Parameters<Handlers['set']>[1]>()
    return { get: (operation) => handlers.get(operation) ?? null, set: (operation, handler) => void handlers.set(operation, handler) }
  },
  // The router takes undefined for "none", which its types do not say.
  deriveConstraint: ({ url = '' }) => operationOf(url) as FolderOperation,
  mustMatchWhenDerived: false,
}

function operationOf(url: string): FolderOperation | undefined {
  const path = url.split('?', 1)[0]!
  return folderOperations.find((operation) => path.endsWith(`.${operation}`))
}

/** How an operation is described, and what it demands of its caller and its body. */
interface FolderOperationOptions {
  readonly config: FastifyContextConfig & { readonly scope: Scope }
  readonly schema: FastifySchema
}

/**
 * Has an operation at every folder, and at the root of the repository, which no pattern for both would match. Its body is read by the handler: the
 * order of repeated fields counts, and files come as streams.
 */
export function postFolderOperation(
  server: Server,
  operation: FolderOperation,
  { config, schema }: FolderOperationOptions,
  handle: (request: FastifyRequest, reply: FastifyReply, folder: AssetPath) => Promise<unknown>,
): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const address = request.url.split('?', 1)[0]!.slice(0, -operation.length - 1)
    return handle(request, reply, folderOfUrl(address).path)
  }
  const options = { config, schema, validatorCompiler: () => () => true }
  server.post('/content/dam/*', { ...options, constraints: { operation } }, handler)
  server.post(`/content/dam.${operation}`, options, handler)
}
