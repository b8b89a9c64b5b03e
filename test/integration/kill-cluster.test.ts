import { expect, it } from 'vitest'
import { type AssayServer, startAssay } from '../support/assay-server.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { createDataDirectory, sharedPostgresServer } from '../support/test-database.ts'
import { createClients, observePaths, readEverything, runClients } from './chaos-clients.ts'
import { History } from './history.ts'

/** Two kills each; see `kill.test.ts`. */
const rounds = Math.ceil(Number(process.env.ASSAY_CHAOS_ROUNDS ?? 20) / 5)
const roundTimeoutMs = 60_000
const root = '/content/dam/chaos'

it('workers and API servers on PostgreSQL that are killed at any moment lose nothing that was acknowledged', {
  timeout: 60_000 + rounds * roundTimeoutMs,
}, async () => {
  const random = seededRandom('ASSAY_CHAOS_SEED')
  console.log(`ASSAY_CHAOS_SEED=${random.seed}`)
  await using directory = await createDataDirectory()
  const options = { databaseUrl: await (await sharedPostgresServer()).createDatabase(), dataDirectory: directory.path }
  const history = new History()
  const clients = createClients(root, 6, random)
  const startWorker = () => startAssay({ ...options, role: 'worker' })
  let worker: AssayServer = await startWorker()
  for (let round = 0; round < rounds; round++) {
    await using api = await startAssay({ ...options, role: 'api' })
    await observePaths(api, history, history.touched)
    const running = runClients(api, history, clients, new AbortController().signal)
    await Promise.race([history.further(random.integer(10, 150)), running])
    await worker.kill('SIGKILL')
    const starting = startWorker()
    await Promise.race([history.further(random.integer(1, 60)), running])
    await api.kill('SIGKILL')
    await running
    worker = await starting
  }
  await using last = worker
  await using api = await startAssay({ ...options, role: 'api' })
  const all = await readEverything(api, root)
  expect(history.check(all), `seed ${random.seed}; the last worker was ${last.pid}`).toEqual([])
  expect(history.answered).toBeGreaterThan(rounds)
  console.log(`${rounds} kills of a worker and of an API server, ${history.answered} acknowledged operations, nothing lost`)
})
