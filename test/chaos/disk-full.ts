import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { apiOf, eventually, topic } from '../support/assay-api.ts'
import { startAssay } from '../support/assay-server.ts'
import type { SeededRandom } from '../support/seeded-random.ts'
import { canMountDisk, mountSmallDisk } from '../support/small-disk.ts'
import { createClients, runClients } from './clients.ts'
import type { ChaosOutcome } from './embedded.ts'
import { Figures } from './figures.ts'
import { History } from './history.ts'
import { finishStatusJobs, readEverything } from './observe.ts'

const root = '/content/dam/chaos'
const miB = 1024 * 1024
/** Room for what must stay free (256 MiB), what is given up to recover (64 MiB), the database and what the clients send. */
const diskMiB = 640
const fullMs = 1_500
const refusedGoalMs = 10_000
const recoveredGoalMs = 10_000

/** Fills the disk of a server under load again and again, to the last byte or nearly, and gives the space back. Needs the right to mount a disk. */
export async function fillDiskAgain(rounds: number, random: SeededRandom, say: (line: string) => void): Promise<ChaosOutcome> {
  if (!canMountDisk) {
    say('left out: this user may not mount a disk')
    return { answered: 0, assets: 0, violations: [], figures: new Figures() }
  }
  await using disk = await mountSmallDisk(diskMiB)
  await using server = await startAssay({ dataDirectory: join(disk.path, 'data') })
  const history = new History()
  const figures = new Figures()
  const clients = createClients(root, 6, random)
  let probes = 0
  const probe = async () => (await apiOf(server, false).put(`/content/dam/probes/${++probes}.dita`, topic('Probe'))).status
  for (let round = 1; round <= rounds; round++) {
    const left = random.pick([0, 0, 2, 60, 200])
    say(`round ${round}: ${left} MiB are left, ${history.answered} answered so far`)
    const stop = new AbortController()
    const running = runClients(server, history, clients, stop.signal, [507])
    await Promise.race([history.further(random.integer(10, 100)), running])
    const filledAt = performance.now()
    await disk.fill(left * miB)
    await eventually(probe, (status) => status === 507 || status === 503, 60_000)
    figures.add('full: uploads refused', refusedGoalMs, performance.now() - filledAt)
    await pause(fullMs)
    const freedAt = performance.now()
    await disk.free()
    await eventually(probe, (status) => status === 201, 60_000)
    figures.add('space again: uploads taken', recoveredGoalMs, performance.now() - freedAt)
    stop.abort()
    const { cut } = await running
    if (cut.length > 0) history.violate(`The server ended or cut connections (${cut.join(', ')}):\n${server.logs().slice(-4000)}`)
  }
  const all = await readEverything(server, root)
  history.check(all)
  await finishStatusJobs(server, history)
  return { answered: history.answered, assets: all.length, violations: history.violations, figures }
}
