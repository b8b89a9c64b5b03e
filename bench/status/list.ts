/**
 * A status job over everything: how long, how much memory, how long the event loop stands still, and what polling it costs.
 *
 *     node bench/status/list.ts [assets=100000] [pglite|postgres]
 *
 * Peers in the same run: PostgreSQL's `COPY (select the same JSON) TO STDOUT`, and a bare node:http server that sends the compressed list
 * from a file. Goals: 0.4 of the speed of COPY, 1.8 times the idle memory, p99 25 ms; first byte within 100 ms, half the speed of the file; 20
 * subtrees without 100 of their folders as fast, byte for byte, as everything at 0.8.
 */
import { once } from 'node:events'
import { createWriteStream, readFileSync, rmSync, statSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { openDatabase } from '../../src/store/database.ts'
import { eventually } from '../../test/support/assay-api.ts'
import { type AssayServer, startAssay } from '../../test/support/assay-server.ts'
import { startPostgresServer } from '../../test/support/postgres-server.ts'
import { startProgram } from '../../test/support/program.ts'
import { createDataDirectory, type EngineName, noDiskLimits } from '../../test/support/test-database.ts'
import { cpuMs, forgetPeak, median, peakMiB, residentMiB } from '../process-usage.ts'
import { atLeast, atMost, report } from '../report.ts'
import { copyOut } from './copy-out.ts'
import { fillAssets, folderPath, groupPath, root } from './fill-assets.ts'

const assets = Number(process.argv[2] ?? 100_000)
const engine = (process.argv[3] ?? 'pglite') as EngineName
const rounds = 5
/** The same JSON as the server's, a line for each asset. */
const sameJson = `select '{"path":' || to_json(path)::text || ',"uuid":"' || uuid || '","status":"'
  || (array['PENDING','PROCESSING','SUCCESS','FAILURE'])[status + 1] || '","exists":true}' from assay.asset order by path`

await using directory = await createDataDirectory()
await using postgres = await startPostgresServer()
const peerUrl = await fillServer()
const databaseUrl = engine === 'postgres' ? peerUrl : null
if (databaseUrl === null) {
  await using database = await openDatabase({ dataDirectory: directory.path, disk: noDiskLimits })
  await fillAssets(database, assets)
}
const loopFile = join(directory.path, '..', `loop-delay-${process.pid}`)
await using server = await startAssay({
  optimised: true,
  dataDirectory: directory.path,
  ...(databaseUrl && { databaseUrl }),
  environment: { NODE_OPTIONS: `--import=${new URL('./loop-delay.ts', import.meta.url)}`, LOOP_DELAY_FILE: loopFile },
})
console.log(`${assets} assets, ${engine}, medians of ${rounds}`)
const whole = await measureWhole()
await measurePoll(whole.location)
await measureSubtrees(whole.bytes)

async function fillServer(): Promise<string> {
  const url = await postgres.createDatabase()
  // Its tables come with the first server.
  await (await startAssay({ databaseUrl: url }))[Symbol.asyncDispose]()
  await using database = await openDatabase({ url })
  await fillAssets(database, assets)
  return url
}

async function measureWhole() {
  // The first request loads what is loaded late.
  await runJob(server, { paths: ['/content/dam/none'] })
  await delay(2000)
  const idle = residentMiB(server.pid)
  forgetPeak(server.pid)
  await loopDelay()
  const cpuBefore = cpuMs(server.pid)
  const jobs: Job[] = []
  const copies: { bytes: number; ms: number }[] = []
  for (let round = 0; round < rounds; round++) {
    jobs.push(await runJob(server, { paths: [root] }))
    copies.push(await copyOut(peerUrl, sameJson))
  }
  const cpu = (cpuMs(server.pid) - cpuBefore) / rounds
  const p99 = await loopDelay()
  const peak = peakMiB(server.pid)
  const ms = median(jobs.map((job) => job.ms))
  const copyMs = median(copies.map((copy) => copy.ms))
  const { location } = jobs[0]!
  const bytes = Number((await (await fetch(location, { headers: { authorization: server.authorization } })).arrayBuffer()).byteLength)
  const ratio = copyMs / ms
  const rate = Math.round(assets / ms)
  report('POST to SUCCESS', `${ms.toFixed(0)} ms, ${rate} assets a ms, ${cpu.toFixed(0)} ms of CPU`)
  report('COPY (select the same JSON) TO STDOUT', `${copyMs.toFixed(0)} ms, ${copies[0]!.bytes} bytes`)
  report('speed, of that of COPY', ratio.toFixed(2), atLeast(ratio, 0.4))
  report(
    `memory: ${idle.toFixed(0)} MiB idle, ${peak.toFixed(0)} MiB at most`,
    `${(peak / idle).toFixed(2)} times`,
    atMost(peak / idle, 1.8),
  )
  report('event loop of the server, p99', `${p99.wallMs.toFixed(1)} ms`, atMost(p99.wallMs, 25, ' ms'))
  report('CPU time of its thread for each turn, p99', `${p99.cpuMs.toFixed(1)} ms`)
  report('its waiting for a core, p99', `${p99.waitMs.toFixed(1)} ms`)
  return { location, bytes }
}

async function measurePoll(location: string): Promise<void> {
  const file = join(directory.path, '..', `list-${process.pid}.json.gz`)
  await pipeline(await answerOf(location), createWriteStream(file))
  const bytes = statSync(file).size
  await using peer = startProgram(new URL('./serve-file.ts', import.meta.url), [file])
  const peerAddress = (await peer.lines.next()).value as string
  const ours: Transfer[] = []
  const theirs: Transfer[] = []
  for (let round = 0; round < 2 * rounds; round++) {
    ours.push(await receive(location))
    theirs.push(await receive(peerAddress))
  }
  rmSync(file)
  const firstMs = median(ours.map(({ firstByteMs }) => firstByteMs))
  const mbPerSecond = (transfers: readonly Transfer[]) => bytes / 1000 / median(transfers.map(({ ms }) => ms))
  const ratio = mbPerSecond(ours) / mbPerSecond(theirs)
  report('poll: first byte', `${firstMs.toFixed(1)} ms`, atMost(firstMs, 100, ' ms'))
  const figures = `${mbPerSecond(ours).toFixed(0)} MB/s, from a file ${mbPerSecond(theirs).toFixed(0)} MB/s`
  report(`poll: ${(bytes / 1e6).toFixed(1)} MB of gzip`, `${figures}: ${ratio.toFixed(2)}`, atLeast(ratio, 0.5))
}

/** In turns with the whole list, for other work on the machine comes and goes. */
async function measureSubtrees(wholeBytes: number): Promise<void> {
  const paths = Array.from({ length: 20 }, (_, index) => groupPath(index * 2))
  const excludedPaths = Array.from({ length: 100 }, (_, index) => folderPath((index % 20) * 2, Math.floor(index / 20) * 4))
  const wholes: Job[] = []
  const jobs: Job[] = []
  for (let round = 0; round < rounds; round++) {
    wholes.push(await runJob(server, { paths: [root] }))
    jobs.push(await runJob(server, { paths, excludedPaths }))
  }
  const ms = median(jobs.map((job) => job.ms))
  const wholeBytesPerMs = wholeBytes / median(wholes.map((job) => job.ms))
  const answer = await fetch(jobs[0]!.location, { headers: { authorization: server.authorization } })
  const ratio = (await answer.arrayBuffer()).byteLength / ms / wholeBytesPerMs
  report('20 subtrees without 100 folders, bytes a second of the whole', ratio.toFixed(2), atLeast(ratio, 0.8))
}

interface Job {
  readonly ms: number
  readonly location: string
}

/** From the start of a job until its list is there. The list itself is not waited for. */
async function runJob({ url, authorization }: AssayServer, body: object): Promise<Job> {
  const headers = { authorization, 'content-type': 'application/json', prefer: 'wait=60' }
  const startedAt = performance.now()
  const answer = await fetch(`${url}/bin/guides/v1/assets/status`, { method: 'POST', headers, body: JSON.stringify(body) })
  const ms = performance.now() - startedAt
  // A list of any size begins with the id.
  const reader = answer.body!.getReader()
  const [, jobId, status] = /"jobId":"([^"]+)","status":"(\w+)"/.exec(Buffer.from((await reader.read()).value!).toString()) ?? []
  await reader.cancel()
  if (status !== 'SUCCESS') throw new Error(`The job is ${status} after ${ms} ms.`)
  return { ms, location: `${url}/bin/guides/v1/assets/status?jobId=${jobId}` }
}

interface Transfer {
  readonly firstByteMs: number
  readonly ms: number
}

/** The compressed answer, as it is. */
async function answerOf(address: string) {
  const request = get(address, { headers: { authorization: server.authorization, 'accept-encoding': 'gzip' } })
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage]
  return response
}

async function receive(address: string): Promise<Transfer> {
  const startedAt = performance.now()
  let firstByteMs: number | null = null
  for await (const _ of await answerOf(address)) firstByteMs ??= performance.now() - startedAt
  return { firstByteMs: firstByteMs!, ms: performance.now() - startedAt }
}

interface LoopDelay {
  readonly wallMs: number
  readonly cpuMs: number
  readonly waitMs: number
}

async function loopDelay(): Promise<LoopDelay> {
  server.signal('SIGUSR2')
  const read = (): LoopDelay | null => {
    try {
      return JSON.parse(readFileSync(loopFile, 'utf8')) as LoopDelay
    } catch {
      return null
    }
  }
  const measured = await eventually(
    async () => read(),
    (value) => value !== null,
  )
  rmSync(loopFile)
  return measured!
}
