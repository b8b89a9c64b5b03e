import { type AssayApi, apiOf } from '../../support/assay-api.ts'
import { atMost, type Figure, none } from '../figures.ts'
import type { HostileOptions } from '../subjects.ts'
import type { WatchedServer } from '../watched-server.ts'
import { hostileBinaries } from './generated-binaries.ts'
import { hostileMarkup, hostileXml } from './generated-markup.ts'
import { importFixtures } from './import-fixtures.ts'
import { importMutations } from './mutated-files.ts'
import { type Canary, startCanary } from './start-canary.ts'
import { canTrace, traceServer } from './trace-server.ts'
import { tryContents } from './try-contents.ts'

const defaultMutations = 10_000
const maxContentMs = 10_000

/** Everything that a content may do to its reader. */
export async function measureContent(server: WatchedServer, { length, seed, folder }: HostileOptions): Promise<Figure[]> {
  const api = apiOf(server)
  await using canary = await startCanary(server.dataDirectory)
  const fixtures = await importFixtures(api, '/content/dam/fixtures')
  const generated = [...hostileXml(canary), ...hostileMarkup(), ...(await hostileBinaries())]
  const { findings, slowest } = await tryContents(api, '/content/dam/generated', generated)
  const count = length ?? defaultMutations
  const mutated = await importMutations(api, '/content/dam/mutated', { count, seed, from: folder })
  return [
    none('files of the hostile set that end otherwise than expected', fixtures),
    none(`of ${generated.length} generated contents, those that end otherwise than they must`, findings),
    atMost(`slowest of them, from upload to end (${slowest.name})`, slowest.ms, maxContentMs, 'ms'),
    none(`of ${count} mutated files and their neighbours, those that end without a reason of their own`, mutated),
    ...(await server.readHealth()),
    none('requests to the address that contents name', canary.requests()),
    ...(await traceOf(server, api, canary)),
  ]
}

async function traceOf(server: WatchedServer, api: AssayApi, canary: Canary): Promise<Figure[]> {
  const name = 'connections, programs and files outside of its folders'
  if (!canTrace()) return [{ name, measured: 'not measured: there is no strace here', goal: '0', isMet: true }]
  const outside = await traceServer(server, async () => {
    await importFixtures(api, '/content/dam/traced')
    await tryContents(
      api,
      '/content/dam/traced-generated',
      hostileXml(canary).filter((content) => /extern|param|dtd|instr|laughs/.test(content.name)),
    )
  })
  return [none(name, outside)]
}
