/**
 * Runs in every thread of `commit-until-power-cut.ts` before it begins. Under the database it follows what is durable, and cuts the power;
 * the syncs of its log take as long as on a slow disk.
 */
import fs, { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { threadName } from 'node:worker_threads'
import { seededRandom } from '../../../support/seeded-random.ts'

export interface Cut {
  /** The data directory; what is left of it; where the acknowledged rows stand, and stood when the power was cut. */
  readonly directory: string
  readonly left: string
  readonly acknowledged: string
  readonly known: string
  /** Acknowledged rows before the cut, and then as many changes, of files besides the log only or of all. */
  readonly commits: number
  readonly changes: number
  readonly only: 'tables' | 'all'
  /** Share of the sectors of the log and of other files that survive though they were not synced. */
  readonly survival: Readonly<Record<'log' | 'tables', number>>
  readonly seed: number
}

const lineBytes = 2
const slowSyncMs = 25
const cut = JSON.parse(process.env.POWER_CUT ?? '{}') as Cut

async function followDatabase(): Promise<void> {
  const { PowerCut } = await import('../power-cut.ts')
  const random = seededRandom('', cut.seed)
  let changes = 0
  const isLog = (path: string) => path.includes('/pg_wal/')
  const isTime = (path: string) => {
    if (!existsSync(cut.acknowledged) || statSync(cut.acknowledged).size < cut.commits * lineBytes) return false
    return (cut.only === 'all' || !isLog(path)) && ++changes > cut.changes
  }
  const power = new PowerCut(join(cut.directory, 'database'), join(cut.directory, 'durable'), (path) => {
    if (!isTime(path)) return
    // First this: what is acknowledged later need not be there.
    copyFileSync(cut.acknowledged, cut.known)
    mkdirSync(cut.left)
    const survival = (file: string) => cut.survival[isLog(file) ? 'log' : 'tables']
    power.cut(join(cut.left, 'database'), survival, () => random.integer(0, 999_999) / 1_000_000)
    process.kill(process.pid, 'SIGKILL')
  })
}

function slowDown(): void {
  const { fsyncSync } = fs
  const clock = new Int32Array(new SharedArrayBuffer(4))
  fs.fsyncSync = (descriptor) => {
    Atomics.wait(clock, 0, 0, slowSyncMs)
    fsyncSync(descriptor)
  }
  syncBuiltinESMExports()
}

if (threadName === 'assay-pglite') await followDatabase()
if (threadName === 'assay-log') slowDown()
