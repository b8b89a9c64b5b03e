/**
 * How many files a second the reading threads finish, from bytes in the main thread to texts ready to be stored, with one thread and with
 * as many as there are cores.
 *
 *     node bench/threads/scale.ts [folder of .dita and .ditamap files]
 *
 * Goal: two threads do 1.7 times what one does, on two idle cores. Rounds alternate between the two, so that a busy machine slows both; beside them
 * runs an empty loop in one thread and in two, which says what the machine had to give.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { ContentToRead } from '../../src/processing/ports.ts'
import { openReader } from '../../src/threads/open-reader.ts'
import { topicOfTypicalSize } from '../dita/typical-topic.ts'
import { median } from '../process-usage.ts'
import { atLeast, report } from '../report.ts'
import { BusyLoops } from './busy-loop.ts'

const goal = 1.7
const rounds = 7
const batchAssets = 200
const loopMs = 300

function contentsOf(folder: string | undefined): ContentToRead[] {
  if (folder === undefined) return Array.from({ length: 4000 }, (_, id) => contentOf(id, `${id}.dita`, Buffer.from(topicOfTypicalSize(id))))
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:dita|ditamap)$/.test(entry.name))
    .map((entry, id) => contentOf(id, entry.name, readFileSync(join(entry.parentPath, entry.name))))
}

function contentOf(id: number, name: string, bytes: Uint8Array): ContentToRead {
  return { id, path: `/content/dam/${name}`, size: bytes.length, bytes }
}

const contents = contentsOf(process.argv[2])
const batches = Array.from({ length: Math.ceil(contents.length / batchAssets) }, (_, index) =>
  contents.slice(index * batchAssets, (index + 1) * batchAssets),
)
const counts = [1, Math.max(2, availableParallelism())]
const onThreadEnded = (event: unknown) => console.error('a thread ended', event)
const readers = await Promise.all(counts.map((threads) => openReader({ threads, onThreadEnded })))
const loops = counts.map((threads) => new BusyLoops(threads))
const loopRates: number[][] = counts.map(() => [])
const rates: number[][] = counts.map(() => [])
const mainShares: number[][] = counts.map(() => [])
const cpuPerFile: number[][] = counts.map(() => [])
for (let round = 0; round <= rounds; round++) {
  for (const [index, reader] of readers.entries()) {
    const startedAt = performance.now()
    const cpu = process.cpuUsage()
    const loop = performance.eventLoopUtilization()
    // Two batches under way, as the queue has it.
    const pending = [...batches]
    const work = async () => {
      for (let batch = pending.shift(); batch !== undefined; batch = pending.shift()) await reader.read(batch)
    }
    await Promise.all([work(), work()])
    // The first round is for the compiler.
    if (round === 0) continue
    rates[index]!.push(contents.length / ((performance.now() - startedAt) / 1000))
    const { user, system } = process.cpuUsage(cpu)
    cpuPerFile[index]!.push((user + system) / contents.length)
    mainShares[index]!.push(performance.eventLoopUtilization(loop).utilization)
    loopRates[index]!.push(await loops[index]!.run(loopMs))
  }
}
for (const open of [...readers, ...loops]) await open[Symbol.asyncDispose]()

const bytes = contents.reduce((sum, content) => sum + content.size, 0)
console.log(`${contents.length} files, ${(bytes / contents.length / 1024).toFixed(1)} KiB each, ${rounds} rounds`)
for (const [index, threads] of counts.entries()) {
  const share = (median(mainShares[index]!) * 100).toFixed(0)
  const rate = Math.round(median(rates[index]!))
  const cpu = Math.round(median(cpuPerFile[index]!))
  console.log(
    `${threads} thread${threads > 1 ? 's' : ' '}  ${rate} files/s, ${cpu} µs of CPU a file in all threads, main thread ${share} % busy`,
  )
}
const factorOf = ([one, more]: number[][]) => median(more!.map((rate, round) => rate / one![round]!))
const factor = factorOf(rates)
report(`an empty loop in ${counts[1]} threads, of its speed in 1`, factorOf(loopRates).toFixed(2))
report(`${counts[1]} threads, of the speed of 1`, factor.toFixed(2), atLeast(factor, goal))
