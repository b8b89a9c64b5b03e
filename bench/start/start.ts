/**
 * From the start of `assay serve` to its first answer, with a new and with an existing data directory, and what an idle server takes.
 *
 *     node bench/start/start.ts [rounds=5]
 *
 * Goals: 1.5 s with an existing data directory, 4 s with a new one; memory and CPU time of an idle server are only reported.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startAssay } from '../../test/support/assay-server.ts'
import { cpuMs, median, residentMiB } from '../process-usage.ts'
import { atMost, report } from '../report.ts'

const rounds = Number(process.argv[2] ?? 5)
const idleSeconds = 10

interface Start {
  readonly seconds: number
  readonly cpuSeconds: number
}

async function measureStart(dataDirectory: string): Promise<Start> {
  const startedAt = performance.now()
  await using server = await startAssay({ dataDirectory, optimised: true })
  const answer = await fetch(`${server.url}/readyz`)
  if (!answer.ok) throw new Error(`The server is not ready: ${answer.status}`)
  const start = { seconds: (performance.now() - startedAt) / 1000, cpuSeconds: cpuMs(server.pid) / 1000 }
  await server.stop()
  return start
}

async function measureIdle(dataDirectory: string): Promise<void> {
  await using server = await startAssay({ dataDirectory, optimised: true })
  await delay(5000)
  const before = cpuMs(server.pid)
  await delay(idleSeconds * 1000)
  report('memory, idle', `${residentMiB(server.pid).toFixed(0)} MiB`)
  report('CPU, idle', `${((cpuMs(server.pid) - before) / idleSeconds / 10).toFixed(1)} % of a core`)
}

function reportStarts(what: string, starts: readonly Start[], goalSeconds: number): void {
  const seconds = median(starts.map((start) => start.seconds))
  const cpu = median(starts.map((start) => start.cpuSeconds))
  report(what, `${seconds.toFixed(2)} s, ${cpu.toFixed(2)} s of CPU`, atMost(seconds, goalSeconds, ' s'))
}

const root = await mkdtemp(join(tmpdir(), 'assay-bench-'))
try {
  const created: Start[] = []
  const existing: Start[] = []
  for (let round = 0; round < rounds; round++) {
    created.push(await measureStart(join(root, String(round))))
    existing.push(await measureStart(join(root, String(round))))
  }
  console.log(`medians of ${rounds}`)
  reportStarts('start to first answer, new data directory', created, 4)
  reportStarts('start to first answer, existing data directory', existing, 1.5)
  await measureIdle(join(root, '0'))
} finally {
  await rm(root, { recursive: true, force: true })
}
