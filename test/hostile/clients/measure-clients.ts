import { atMost, type Figure, none } from '../figures.ts'
import type { HostileOptions } from '../subjects.ts'
import type { WatchedServer } from '../watched-server.ts'
import { breakUploads } from './break-uploads.ts'
import { holdSlowClients } from './hold-slow-clients.ts'
import { tryRequests } from './try-requests.ts'

const defaultConnections = 2000
const maxOthersP99Ms = 100
/** Time-outs of 60 s, looked at every 2 s. */
const maxSlowSeconds = 70

/** Clients that are slow, break off, lie about lengths, or want to get out of the repository. */
export async function measureClients(server: WatchedServer, { length }: HostileOptions): Promise<Figure[]> {
  const requests = await tryRequests(server)
  const uploads = await breakUploads(server)
  const count = length ?? defaultConnections
  const slow = await holdSlowClients(server, count)
  return [
    none('malformed, oversized, smuggled, traversing and polluting requests answered as if they were decent', requests),
    none('traces of uploads that broke off, or were sent to one path at once', uploads),
    atMost(`${count} slow headers and bodies: the last is closed after`, slow.lastClosedMs / 1000, maxSlowSeconds, 's'),
    atMost('slow connections that stay open', slow.stillOpen, 0, ''),
    atMost(`meanwhile, of ${slow.others} requests of others, the 99th percentile`, slow.othersP99Ms, maxOthersP99Ms, 'ms'),
    ...(await server.readHealth()),
  ]
}
