/**
 * A processing run over very many assets on a real server: what it needs in memory beyond what the server needs when idle, whether that grows
 * with the run, what an asset costs, and how soon a cancellation takes effect half way.
 *
 *     node bench/runs/large.ts [assets=100000] [pglite|postgres] [minutes=15]
 *
 * The assets and their contents (topics of 112 bytes) are written past the server, for receiving a million takes an hour. When the minutes are over (half of them
 * for the first half), the run is cancelled and what was seen so far is reported.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Run } from '../../src/contract/native/run.ts'
import { openDatabase } from '../../src/store/database.ts'
import { type AssayServer, startAssay } from '../../test/support/assay-server.ts'
import { startPostgresServer } from '../../test/support/postgres-server.ts'
import { createDataDirectory, noDiskLimits, prepareDatabase } from '../../test/support/test-database.ts'
import { cpuMs, forgetPeak, peakMiB, residentMiB } from '../process-usage.ts'
import { atMost, report } from '../report.ts'
import { fillTopics, root } from './fill-topics.ts'

const [given = '100000', engine = 'pglite', minutes = '15'] = process.argv.slice(2)
const assets = Number(given)
const limitMs = Number(minutes) * 60_000

/** How the server stood when so many assets were done; the peak is that since the last one. */
interface Mark {
  readonly done: number
  readonly atMs: number
  readonly cpu: number
  readonly peak: number
}

await using directory = await createDataDirectory()
await using postgres = engine === 'postgres' ? await startPostgresServer() : null
const dataDirectory = directory.path
const databaseUrl = await postgres?.createDatabase()
{
  await using database = await openDatabase(databaseUrl === undefined ? { dataDirectory, disk: noDiskLimits } : { url: databaseUrl })
  await prepareDatabase(database)
  const since = performance.now()
  await fillTopics(database, assets)
  report('written past the server', `${assets} assets in ${seconds(performance.now() - since)}`)
}
await using server = await startAssay({ dataDirectory, optimised: true, ...(databaseUrl !== undefined && { databaseUrl }) })
let settledAt = 0
void server
  .logged(
    'batch-settled',
    () => {
      settledAt = performance.now()
      return false
    },
    24 * 3_600_000,
  )
  .catch(() => undefined)
await pause(10_000)
const idle = residentMiB(server.pid)
forgetPeak(server.pid)
report('idle', `${Math.round(idle)} MiB`)

const { id } = await post('')
const marks: Mark[] = [{ done: 0, atMs: performance.now(), cpu: cpuMs(server.pid), peak: 0 }]
const startedAt = performance.now()
await follow(assets / 2, startedAt + limitMs / 2)
await measureCancel()
await post(`/${id}/resume`)
await follow(assets, startedAt + limitMs)
const ended = await read()
if (ended.finishedAt === null) await post(`/${id}/cancel`)
if (ended.progress.succeeded !== ended.progress.done) throw new Error(`Not all succeeded: ${JSON.stringify(ended.progress)}`)
summarize()

/** Until so many are done, or the time is over. A mark each twentieth of all. */
async function follow(goal: number, until: number): Promise<void> {
  for (;;) {
    const { progress, finishedAt } = await read()
    const isOver = progress.done >= goal || finishedAt !== null || performance.now() > until
    if (isOver || progress.done - marks.at(-1)!.done >= assets / 20) mark(progress.done)
    if (isOver) return
    await pause(500)
  }
}

function mark(done: number): void {
  const before = marks.at(-1)!
  const now = { done, atMs: performance.now(), cpu: cpuMs(server.pid), peak: peakMiB(server.pid) }
  forgetPeak(server.pid)
  if (done === before.done) return
  marks.push(now)
  const rate = Math.round(((done - before.done) * 1000) / (now.atMs - before.atMs))
  const cost = ((now.cpu - before.cpu) / (done - before.done)).toFixed(2)
  console.log(`${String(done).padStart(9)} done, ${rate} a second, ${cost} ms of CPU time each, at most ${Math.round(now.peak)} MiB`)
}

async function measureCancel(): Promise<void> {
  const askedAt = performance.now()
  await post(`/${id}/cancel`)
  const answeredMs = performance.now() - askedAt
  const { progress } = await read()
  await pause(5000)
  report(`cancelled at ${progress.done}: answered`, `${Math.round(answeredMs)} ms`, atMost(Math.round(answeredMs), 1000, ' ms'))
  report('until the last batch that was being read is settled', `${Math.max(0, Math.round(settledAt - askedAt))} ms`)
}

function summarize(): void {
  const [first, last] = [marks[0]!, marks.at(-1)!]
  const done = last.done
  const peaks = marks.slice(1)
  const early = Math.max(...peaks.filter((one) => one.done <= done / 2).map(({ peak }) => peak))
  const late = Math.max(...peaks.filter((one) => one.done > done / 2).map(({ peak }) => peak))
  report('processed', `${done} of ${assets} in ${seconds(last.atMs - first.atMs)}`)
  report('CPU time of the server', `${((last.cpu - first.cpu) / done).toFixed(2)} ms an asset`)
  report('most memory beyond that of the idle server', `${Math.round(Math.max(early, late) - idle)} MiB`)
  report('most memory in the second half, of that in the first', (late / early).toFixed(2), atMost(late / early, 1.1))
}

async function read(): Promise<Run> {
  return (await send(`/${id}`)) as Run
}

async function post(below: string): Promise<Run> {
  const body = below === '' ? { path: root } : {}
  return (await send(below, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })) as Run
}

async function send(below: string, init: RequestInit = {}): Promise<unknown> {
  const headers = { authorization: (server as AssayServer).authorization, ...init.headers }
  const answer = await fetch(`${server.url}/api/v1/runs${below}`, { ...init, headers })
  if (!answer.ok) throw new Error(`${below || 'the start'} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
