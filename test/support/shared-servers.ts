import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '../../src/store/database.ts'
import { type AssayServer, startAssay } from './assay-server.ts'
import { startPostgresServer } from './postgres-server.ts'
import { createTemporaryFolder } from './temporary-folder.ts'
import { type DatabaseSource, findTemplate, prepareDatabase } from './test-database.ts'

/** Receivers of tests are on this machine. */
const environment = { ASSAY_WEBHOOK_PRIVATE_RECEIVERS: '127.0.0.1' }

/**
 * What all test files of a run share: servers, and the data directory to copy. Each is made when the first file asks for it: a server costs
 * two seconds of CPU time, and twenty files want one. Runs in vitest's own process, before its workers, which find the address in their environment.
 */
export default async function shareServers(): Promise<() => Promise<void>> {
  const stack = new AsyncDisposableStack()
  process.env.TMPDIR = stack.use(createTemporaryFolder()).path
  const starts: Readonly<Record<string, () => Promise<object>>> = {
    '/data-directory/empty': () => findTemplate('empty'),
    '/data-directory/prepared': () => findTemplate('prepared'),
    '/postgres': () => sharePostgres(stack),
    '/assay/pglite': async () => describeServer(stack.use(await startAssay({ engine: 'pglite', environment }))),
    '/assay/postgres': async () => describeServer(stack.use(await startAssay({ engine: 'postgres', environment }))),
  }
  const started = new Map<string, Promise<object>>()
  const desk = createServer((request, response) => {
    const name = request.url ?? ''
    if (!started.has(name))
      started.set(
        name,
        Promise.try(() => starts[name]!()),
      )
    started.get(name)!.then(
      (server) => response.end(JSON.stringify(server)),
      (error: Error) => response.writeHead(500).end(error.message),
    )
  })
  await once(desk.listen(0, '127.0.0.1'), 'listening')
  // For the programs and threads that tests start: they need not compile the same files again.
  process.env.NODE_COMPILE_CACHE = fileURLToPath(new URL('../../node_modules/.cache/assay/code', import.meta.url))
  process.env.ASSAY_TEST_SERVERS = `http://127.0.0.1:${(desk.address() as AddressInfo).port}`
  return async () => {
    desk.close()
    desk.closeAllConnections()
    await stack.disposeAsync()
  }
}

/**
 * With a template to copy databases from: a copy takes a twentieth of the time that migrating takes. Vacuum does not go round, for there will be
 * fifty databases, which live for seconds.
 */
async function sharePostgres(stack: AsyncDisposableStack): Promise<DatabaseSource> {
  const server = stack.use(await startPostgresServer({ settings: ['max_connections=300', 'autovacuum_naptime=600'] }))
  const url = await server.createDatabase()
  await using database = await openDatabase({ url })
  await prepareDatabase(database)
  return { url: server.url, template: new URL(url).pathname.slice(1) }
}

/** What can be told of a server to another process. */
function describeServer({ url, authorization, pid, dataDirectory, databaseUrl }: AssayServer) {
  return { url, authorization, pid, dataDirectory, databaseUrl }
}
