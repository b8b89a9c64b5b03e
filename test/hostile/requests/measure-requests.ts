import type { AssayServer } from '../../support/assay-server.ts'
import { type Figure, none } from '../figures.ts'
import type { HostileOptions } from '../subjects.ts'
import { describeFinding, fuzzRequests } from './fuzz-requests.ts'

const defaultRequests = 100_000

/** Requests made from the description of the API. */
export async function measureRequests(server: AssayServer, { length, seed }: HostileOptions): Promise<Figure[]> {
  const startedAt = performance.now()
  const { requests, statuses, findings } = await fuzzRequests(server, length ?? defaultRequests, seed)
  const seconds = (performance.now() - startedAt) / 1000
  const counted = Object.entries(statuses).map(([status, count]) => `${status}: ${count}`)
  return [
    none('answers that are undeclared, faults of ours, malformed, or show our insides', findings.map(describeFinding)),
    { name: 'requests', measured: `${requests} in ${Math.round(seconds)} s (${counted.join(', ')})`, goal: 'reported', isMet: true },
  ]
}
