/**
 * Polls of a finished small status job and of a running one, requests a second, beside a bare Fastify route that answers with the same JSON.
 *
 *     node bench/http/poll.ts [requests=10000] [inParallel=64]
 *
 * Goal: 0.6 of the bare route. Requests a CPU second of the server are shown as well: where the client is what is slow, only they tell.
 */
import { randomUUID } from 'node:crypto'
import { Agent } from 'node:http'
import { openDatabase } from '../../src/store/database.ts'
import { statusAddress, topic } from '../../test/support/assay-api.ts'
import { startAssay } from '../../test/support/assay-server.ts'
import { startProgram } from '../../test/support/program.ts'
import { createDataDirectory, noDiskLimits } from '../../test/support/test-database.ts'
import { cpuMs, median } from '../process-usage.ts'
import { atLeast, report } from '../report.ts'
import { exchange, inParallel } from './exchange.ts'

const requests = Number(process.argv[2] ?? 10_000)
const inFlight = Number(process.argv[3] ?? 64)
const rounds = 3
const assets = 10

interface Rate {
  readonly perSecond: number
  readonly perCpuSecond: number
}

await using directory = await createDataDirectory()
const running = await writeRunningJob()
await using server = await startAssay({ dataDirectory: directory.path, optimised: true })
const { authorization } = server
using stack = new DisposableStack()
const agent = stack.adopt(new Agent({ keepAlive: true, maxSockets: inFlight }), (open) => open.destroy())
console.log(`${rounds} times ${requests} requests, ${inFlight} in parallel, medians`)
await compare(`finished job of ${assets} assets`, await finishJob())
await compare('running job', running)

/** A job that some other worker has begun and does not end, which no request can make. It is so new that no sweep looks for it in the queue. */
async function writeRunningJob(): Promise<string> {
  await using database = await openDatabase({ dataDirectory: directory.path, disk: noDiskLimits })
  const id = randomUUID()
  const inAnHour = new Date(Date.now() + 3_600_000)
  const order = { id, status: 1, included: ['/content/dam'], excluded: [], created_by: 'admin', created_at: inAnHour }
  await database.kysely.insertInto('assay.status_job').values(order).execute()
  return id
}

async function finishJob(): Promise<string> {
  for (let index = 0; index < assets; index++) {
    const address = `${server.url}/content/dam/bench/t${index}.dita`
    await fetch(address, { method: 'PUT', headers: { authorization }, body: topic(`Topic ${index}`) })
  }
  const headers = { authorization, 'content-type': 'application/json', prefer: 'wait=60' }
  const body = JSON.stringify({ paths: ['/content/dam/bench'] })
  const answer = await fetch(server.url + statusAddress, { method: 'POST', headers, body })
  return ((await answer.json()) as { jobId: string }).jobId
}

async function compare(what: string, jobId: string): Promise<void> {
  const url = `${server.url}${statusAddress}?jobId=${jobId}`
  const json = await (await fetch(url, { headers: { authorization } })).text()
  await using bare = startProgram(new URL('./bare-route.ts', import.meta.url), [json])
  const bareUrl = (await bare.lines.next()).value as string
  const ours: Rate[] = []
  const theirs: Rate[] = []
  await measure(server.pid, url)
  await measure(bare.pid, bareUrl)
  for (let round = 0; round < rounds; round++) {
    ours.push(await measure(server.pid, url))
    theirs.push(await measure(bare.pid, bareUrl))
  }
  const after = await (await fetch(url, { headers: { authorization } })).text()
  if (after !== json) throw new Error(`The answer has changed to ${after}`)
  for (const [unit, of] of [
    ['a second', ({ perSecond }: Rate) => perSecond],
    ['a CPU second', ({ perCpuSecond }: Rate) => perCpuSecond],
  ] as const) {
    const [own, other] = [median(ours.map(of)), median(theirs.map(of))]
    const figures = `${own.toFixed(0)}, bare route of ${json.length} bytes ${other.toFixed(0)}: ${(own / other).toFixed(2)}`
    report(`polls of a ${what}, ${unit}`, figures, atLeast(own / other, 0.6))
  }
}

async function measure(pid: number, url: string): Promise<Rate> {
  const cpuBefore = cpuMs(pid)
  const startedAt = performance.now()
  await inParallel(requests, inFlight, () => exchange({ url, agent, headers: { authorization } }))
  const wall = performance.now() - startedAt
  return { perSecond: (1000 * requests) / wall, perCpuSecond: (1000 * requests) / (cpuMs(pid) - cpuBefore) }
}
