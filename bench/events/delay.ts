/**
 * From the settlement of an asset to the byte of its event in a stream, while an uploading client sends at a fixed rate.
 *
 *     node bench/events/delay.ts [seconds=20] [assetsPerSecond=500] [readers=3]
 *
 * Goal: p99 of 100 ms. The `time` of an event is the beginning of the transaction that settles, to the millisecond below, by the clock of the same
 * machine: the figures contain the transaction, so the delay from its end is shorter. The first seconds do not count: the compiler works while code
 * is new.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { createClient, type Event } from '../../src/client/index.ts'
import { topic } from '../../test/support/assay-api.ts'
import { adminAuthorization, startAssay } from '../../test/support/assay-server.ts'
import { cpuMs } from '../process-usage.ts'
import { atLeast, atMost, report } from '../report.ts'

const [seconds = 20, rate = 500, readers = 3] = process.argv.slice(2).map(Number)
const warmUpSeconds = 8
const filesAtOnce = 25
const goalMs = 100

/** An event, and how long after its time a reader had it. */
interface Seen {
  readonly event: Event
  readonly delayMs: number
}

/** Reads a stream until `expected` assets are told of. */
async function readStream(url: string, expected: number): Promise<Seen[]> {
  const response = await fetch(`${url}/api/v1/events/stream?type=assay.asset.processed`, { headers: { authorization: adminAuthorization } })
  const seen: Seen[] = []
  let text = ''
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    const now = performance.timeOrigin + performance.now()
    const frames = (text + piece).split('\n\n')
    text = frames.pop()!
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1]
      if (data === undefined) continue
      const event = JSON.parse(data) as Event
      seen.push({ event, delayMs: now - Date.parse(event.time) })
    }
    if (seen.length >= expected) break
  }
  return seen
}

/** Sends so many files a second, however long the answers take. */
async function uploadAtRate(url: string, files: number): Promise<void> {
  const [user = '', password = ''] = Buffer.from(adminAuthorization.slice('Basic '.length), 'base64').toString().split(':')
  const client = createClient({ url, credential: { user, password } })
  const startedAt = performance.now()
  const sent: Promise<unknown>[] = []
  for (let first = 0; first < files; first += filesAtOnce) {
    const restMs = startedAt + (first / rate) * 1000 - performance.now()
    if (restMs > 0) await delay(restMs)
    const batch = Array.from({ length: filesAtOnce }, (_, index) => ({
      name: `t${first + index}.dita`,
      bytes: Buffer.from(topic(`Topic ${first + index}`)),
    }))
    sent.push(client.importAssets('/content/dam/bench', batch))
  }
  await Promise.all(sent)
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)]!
}

await using server = await startAssay({ optimised: true })
const files = Math.ceil(((warmUpSeconds + seconds) * rate) / filesAtOnce) * filesAtOnce
const streams = Array.from({ length: readers }, () => readStream(server.url, files))
const cpuBefore = cpuMs(server.pid)
const [, ...lists] = await Promise.all([uploadAtRate(server.url, files), ...streams])
const cpu = cpuMs(server.pid) - cpuBefore
const counted = lists.flatMap((seen) => seen.slice(warmUpSeconds * rate))
const times = lists[0]!.slice(warmUpSeconds * rate).map(({ event }) => Date.parse(event.time))
const reached = (times.length * 1000) / (times.at(-1)! - times[0]!)
const delays = counted.map(({ delayMs }) => delayMs).sort((a, b) => a - b)
const p99 = quantile(delays, 0.99)
console.log(
  `${readers} readers, ${counted.length} events in ${seconds} s; ${(cpu / files).toFixed(2)} ms of CPU time of the server for each asset`,
)
report('assets post-processed a second', reached.toFixed(0), atLeast(reached, rate * 0.95))
report('from settlement to the stream: p50', `${quantile(delays, 0.5).toFixed(0)} ms`)
report('from settlement to the stream: p99', `${p99.toFixed(0)} ms`, atMost(p99, goalMs, ' ms'))
report('from settlement to the stream: longest', `${delays.at(-1)!.toFixed(0)} ms`)
