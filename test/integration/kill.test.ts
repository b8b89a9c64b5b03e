import { describe, expect, it } from 'vitest'
import { type AssayOptions, type AssayServer, startAssay } from '../support/assay-server.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { createDataDirectory, sharedPostgresServer } from '../support/test-database.ts'
import { observePaths, readEverything, runClients } from './chaos-clients.ts'
import { History } from './history.ts'

/** More of them by ASSAY_CHAOS_ROUNDS; ASSAY_CHAOS_SEED repeats what the clients and the kills were. */
const rounds = Number(process.env.ASSAY_CHAOS_ROUNDS ?? 20)
const clusterRounds = Math.ceil(rounds / 5)
const roundTimeoutMs = 30_000
const root = '/content/dam/chaos'

describe('a server that is killed at any moment', () => {
  it('loses nothing that it acknowledged, with the embedded database', { timeout: 60_000 + rounds * roundTimeoutMs }, async () => {
    const random = seededRandom('ASSAY_CHAOS_SEED')
    console.log(`ASSAY_CHAOS_SEED=${random.seed}`)
    await using directory = await createDataDirectory()
    const history = new History()
    const options = { dataDirectory: directory.path }
    const clients = clientsOf(6, random)
    for (let round = 0; round < rounds; round++) {
      if (random.chance(0.25)) {
        await killWhileStarting(options, random.integer(50, 1500))
        continue
      }
      await using server = await startAssay(options)
      await observePaths(server, history, history.touched)
      const running = runClients(server, history, clients, new AbortController().signal)
      await Promise.race([history.further(random.integer(1, 120)), running])
      await server.kill('SIGKILL')
      await running
    }
    await using server = await startAssay(options)
    const all = await readEverything(server, root)
    expect(history.check(all), `seed ${random.seed}`).toEqual([])
    expect(history.answered).toBeGreaterThan(rounds)
    console.log(`${rounds} kills, ${history.answered} acknowledged operations, ${all.length} assets, nothing lost`)
  })

  it('loses nothing that it acknowledged, with workers and API servers on PostgreSQL', {
    timeout: 60_000 + rounds * roundTimeoutMs,
  }, async () => {
    const random = seededRandom('ASSAY_CHAOS_SEED')
    console.log(`ASSAY_CHAOS_SEED=${random.seed}`)
    await using directory = await createDataDirectory()
    const databaseUrl = await (await sharedPostgresServer()).createDatabase()
    const options = { databaseUrl, dataDirectory: directory.path }
    const history = new History()
    const clients = clientsOf(6, random)
    let worker = await startAssay({ ...options, role: 'worker' })
    for (let round = 0; round < clusterRounds; round++) {
      await using api = await startAssay({ ...options, role: 'api' })
      await observePaths(api, history, history.touched)
      const stop = new AbortController()
      const running = runClients(api, history, clients, stop.signal)
      await Promise.race([history.further(random.integer(10, 150)), running])
      await worker.kill('SIGKILL')
      const starting = startAssay({ ...options, role: 'worker' })
      await Promise.race([history.further(random.integer(1, 60)), running])
      await api.kill('SIGKILL')
      await running
      worker = await starting
    }
    await using api = await startAssay({ ...options, role: 'api' })
    const all = await readEverything(api, root)
    expect(history.check(all), `seed ${random.seed}`).toEqual([])
    expect(history.answered).toBeGreaterThan(rounds)
    console.log(`${clusterRounds} kills of a worker and of an API server, ${history.answered} acknowledged operations, nothing lost`)
    await worker.kill('SIGKILL')
  })
})

function clientsOf(count: number, random: ReturnType<typeof seededRandom>) {
  return Array.from({ length: count }, (_, index) => ({
    folder: `${root}/${index}`,
    random: seededRandom('', random.integer(0, 2 ** 32 - 1)),
  }))
}

async function killWhileStarting(options: AssayOptions, afterMs: number): Promise<void> {
  const timers: NodeJS.Timeout[] = []
  const onSpawn = (kill: () => void) => void timers.push(setTimeout(kill, afterMs))
  const server: AssayServer | null = await startAssay({ ...options, onSpawn }).catch(() => null)
  await server?.kill('SIGKILL')
  for (const timer of timers) clearTimeout(timer)
}
