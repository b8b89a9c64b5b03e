import type { FastifyServerOptions } from 'fastify'

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

/** The address of the folder itself: the URL without the ending and the query. */
export function folderAddress(url: string, operation: FolderOperation): string {
  return url.split('?', 1)[0]!.slice(0, -operation.length - 1)
}

/** Where the routes of an operation are: at every folder, and at the root of the repository, which no pattern for both would match. */
export function folderOperationUrls(operation: FolderOperation) {
  return [
    { url: '/content/dam/*', constraints: { operation } },
    { url: `/content/dam.${operation}`, constraints: {} },
  ]
}
