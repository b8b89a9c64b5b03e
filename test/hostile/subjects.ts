import type { AssayServer } from '../support/assay-server.ts'
import type { Figure } from './figures.ts'
import { measureRequests } from './requests/measure-requests.ts'

export interface HostileOptions {
  /** How much of it; `null`: what the subject finds enough. */
  readonly length: number | null
  readonly seed: number
  /** Files to be mutated; `null`: those of examples/. */
  readonly folder: string | null
}

/** Everything hostile that is tried, by the name under which it can be asked for. */
export const subjects: Readonly<Record<string, (server: AssayServer, options: HostileOptions) => Promise<readonly Figure[]>>> = {
  requests: measureRequests,
}
