import type { Resolution, ResolveOrder } from '../processing/ports.ts'

/** Nothing is said about references that could not be resolved within the limits: the asset itself was read, and is fine. */
export function unresolved({ id }: ResolveOrder): Resolution {
  return { id, states: '', problems: '[]', problemCounts: { error: 0, warning: 0, info: 0 }, wanted: [] }
}
