import swagger from '@fastify/swagger'
import type { RouteOptions } from 'fastify'
import { Type } from 'typebox'
import { ProblemDetails } from '../../contract/problem-details.ts'
import type { Server } from '../server.ts'

/** That of the package: it promises the interfaces that are described here. */
const contractVersion = '0.1.0'

const problem = {
  description: 'Problem details (RFC 9457).',
  content: { 'application/problem+json': { schema: ProblemDetails } },
}

/** Collects the schemas of all routes that are registered after it, and serves them as OpenAPI 3.1 at `/openapi.json`. */
export async function describeApi(server: Server): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Assay',
        version: contractVersion,
        description: 'Post-processes DITA content and always knows the truth about every asset.',
      },
      tags: [
        { name: 'guides', description: 'The contract of AEM Guides.' },
        { name: 'dam', description: 'Uploads and downloads of contents.' },
        { name: 'native', description: 'What Assay offers besides.' },
      ],
      components: { securitySchemes: { basic: { type: 'http', scheme: 'basic' }, bearer: { type: 'http', scheme: 'bearer' } } },
    },
    transform: ({ schema, url, route }) => {
      const scope = route.config?.scope
      const described = {
        ...schema,
        ...(url.includes('/*') && { params: Type.Object({ path: Type.String({ description: 'May hold slashes.' }) }) }),
        response: describeResponses(schema.response as Record<string, unknown> | undefined, commonStatuses(route)),
        security: scope === 'public' ? [] : [{ basic: [] }, { bearer: [] }],
        ...(scope !== 'public' && { description: `Needs the scope \`${scope}\`.` }),
      }
      return { schema: described, url: addressOf(url, route.constraints?.operation) }
    },
  })
  server.get('/openapi.json', { config: { scope: 'read' }, schema: { hide: true } }, async (_request, reply) =>
    reply.serializer(JSON.stringify).send(server.swagger()),
  )
}

/** Errors that any request may get, whatever the route does. */
function commonStatuses({ method, config }: RouteOptions): string[] {
  const changes = ![method].flat().every((each) => each === 'GET' || each === 'HEAD')
  const statuses = ['400', '429', '431', '500', '503']
  if (config?.scope !== 'public') statuses.push('401', '403')
  if (changes) statuses.push('403', '408', '413', '415', '507')
  return statuses
}

/** Errors are problem documents everywhere; a route says which ones are to be expected from it besides the common ones. */
function describeResponses(responses: Record<string, unknown> = {}, common: readonly string[]): Record<string, unknown> {
  const all = { ...Object.fromEntries(common.map((status) => [status, problem])), ...responses }
  return Object.fromEntries(Object.entries(all).map(([status, shape]) => [status, shape === ProblemDetails ? problem : shape]))
}

/** The operation is a part of the address, although not of the pattern. */
function addressOf(url: string, operation: unknown): string {
  const address = url.replace('/*', '/{path}')
  return typeof operation === 'string' ? `${address}.${operation}` : address
}
