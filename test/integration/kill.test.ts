import { expect, it } from 'vitest'
import { type AssayOptions, startAssay } from '../support/assay-server.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { createDataDirectory } from '../support/test-database.ts'
import { createClients, observePaths, readEverything, runClients } from './chaos-clients.ts'
import { History } from './history.ts'

/** More of them by ASSAY_CHAOS_ROUNDS; ASSAY_CHAOS_SEED repeats what the clients and the kills were. */
const rounds = Number(process.env.ASSAY_CHAOS_ROUNDS ?? 20)
const roundTimeoutMs = 30_000
const root = '/content/dam/chaos'

it('a server that is killed at any moment loses nothing that it acknowledged', { timeout: 60_000 + rounds * roundTimeoutMs }, async () => {
  const random = seededRandom('ASSAY_CHAOS_SEED')
  console.log(`ASSAY_CHAOS_SEED=${random.seed}`)
  await using directory = await createDataDirectory()
  const history = new History()
  const options = { dataDirectory: directory.path }
  const clients = createClients(root, 6, random)
  for (let round = 0; round < rounds; round++) {
    if (random.chance(0.4)) {
      await killWhileStarting(options, random.integer(50, 1500))
      continue
    }
    await using server = await startAssay(options)
    await observePaths(server, history, history.touched)
    const running = runClients(server, history, clients, new AbortController().signal)
    await Promise.race([history.further(random.integer(1, 150)), running])
    await server.kill('SIGKILL')
    await running
  }
  await using server = await startAssay(options)
  const all = await readEverything(server, root)
  expect(history.check(all), `seed ${random.seed}`).toEqual([])
  expect(history.answered).toBeGreaterThan(rounds)
  console.log(`${rounds} kills, ${history.answered} acknowledged operations, ${all.length} assets, nothing lost`)
})

async function killWhileStarting(options: AssayOptions, afterMs: number): Promise<void> {
  const timers: NodeJS.Timeout[] = []
  const onSpawn = (kill: () => void) => void timers.push(setTimeout(kill, afterMs))
  const server = await startAssay({ ...options, onSpawn }).catch(() => null)
  await server?.kill('SIGKILL')
  for (const timer of timers) clearTimeout(timer)
}
