import { measureClients } from './clients/measure-clients.ts'
import { measureContent } from './content/measure-content.ts'
import type { Figure } from './figures.ts'
import { measureRequests } from './requests/measure-requests.ts'
import type { WatchedServer } from './watched-server.ts'

export interface HostileOptions {
  /** How much of it; `null`: what the subject finds enough. */
  readonly length: number | null
  readonly seed: number
  /** Files to be mutated; `null`: those of examples/. */
  readonly folder: string | null
}

/** Everything hostile that is tried, by the name under which it can be asked for. */
export const subjects: Readonly<Record<string, (server: WatchedServer, options: HostileOptions) => Promise<readonly Figure[]>>> = {
  content: measureContent,
  clients: measureClients,
  requests: measureRequests,
}
