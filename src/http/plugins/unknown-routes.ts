import { ApiError } from '../../contract/errors.ts'
import type { Server } from '../server.ts'

interface KnownRoute {
  readonly pattern: RegExp
  readonly methods: Set<string>
}

/** Answers 405 with Allow where the address exists with other methods, else 404. */
export function answerUnknownRoutes(server: Server): void {
  const known = new Map<string, KnownRoute>()
  server.addHook('onRoute', ({ url, method, constraints }) => {
    const address = constraints?.operation ? `${url}.${constraints.operation}` : url
    const route = known.get(address) ?? { pattern: patternOf(address), methods: new Set<string>() }
    for (const name of [method].flat()) route.methods.add(name)
    known.set(address, route)
  })
  server.setNotFoundHandler(async (request) => {
    const path = request.url.split('?', 1)[0]!
    const allowed = new Set([...known.values()].filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => [...methods]))
    if (allowed.size === 0) throw new ApiError('notFound', 'No resource has this address.')
    const allow = [...allowed].sort().join(', ')
    throw new ApiError('methodNotAllowed', `The methods are ${allow}.`, { headers: { allow } })
  })
}

function patternOf(url: string): RegExp {
  const source = url
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:\w+/g, '[^/]+')
    .replace('*', '.*')
  return new RegExp(`^${source}$`)
}
