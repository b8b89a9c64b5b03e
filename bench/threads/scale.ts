/**
 * How many files a second the reading threads finish, from bytes in the main thread to texts ready to be stored, with one thread and with
 * as many as there are cores.
 *
 *     node bench/threads/scale.ts [folder of .dita and .ditamap files]
 *
 * Goal: two threads do 1.7 times what one does, on two idle cores. Rounds alternate between the two, so that a busy machine slows both; beside them
 * runs an empty loop in one thread and in two, which says what the machine had to give.
 *
 * What the main thread and V8's own threads do is done on the other core beside one reading thread, and shares the cores with two. So two cores that do
 * nothing else allow for twice the CPU time of one reading thread, divided by that of all threads when two read.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { ContentToRead, Reader } from '../../src/processing/ports.ts'
import { openReader } from '../../src/threads/open-reader.ts'
import { topicOfTypicalSize } from '../dita/typical-topic.ts'
import { median, type ThreadTimes, threadTimes } from '../process-usage.ts'
import { atLeast, report } from '../report.ts'
import { BusyLoops } from './busy-loop.ts'

const goal = 1.7
const rounds = 7
const batchAssets = 200
/** For each thread, which compiles for itself, the last functions after some 12,000 topics. It was 4,000 for one and half of them for each of two. */
const warmUpFiles = 20_000
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

/** For each file. */
function timesBetween(before: ThreadTimes, after: ThreadTimes): ThreadTimes {
  const perFile = (kind: keyof ThreadTimes) => (after[kind] - before[kind]) / contents.length
  return { main: perFile('main'), workers: perFile('workers'), others: perFile('others'), waiting: perFile('waiting') }
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
const times: ThreadTimes[][] = counts.map(() => [])
/** Two batches under way, as the queue has it. */
async function readAll(reader: Reader): Promise<void> {
  const pending = [...batches]
  const work = async () => {
    for (let batch = pending.shift(); batch !== undefined; batch = pending.shift()) await reader.read(batch)
  }
  await Promise.all([work(), work()])
}

for (const [index, reader] of readers.entries()) {
  for (let done = 0; done < warmUpFiles * counts[index]!; done += contents.length) await readAll(reader)
}
for (let round = 0; round < rounds; round++) {
  for (const [index, reader] of readers.entries()) {
    const startedAt = performance.now()
    const before = threadTimes()
    await readAll(reader)
    rates[index]!.push(contents.length / ((performance.now() - startedAt) / 1000))
    times[index]!.push(timesBetween(before, threadTimes()))
    loopRates[index]!.push(await loops[index]!.run(loopMs))
  }
}
for (const open of [...readers, ...loops]) await open[Symbol.asyncDispose]()

const bytes = contents.reduce((sum, content) => sum + content.size, 0)
console.log(`${contents.length} files, ${(bytes / contents.length / 1024).toFixed(1)} KiB each, ${rounds} rounds`)
const typical = times.map((rounds) => ({
  main: median(rounds.map(({ main }) => main)),
  workers: median(rounds.map(({ workers }) => workers)),
  others: median(rounds.map(({ others }) => others)),
  waiting: median(rounds.map(({ waiting }) => waiting)),
}))
for (const [index, threads] of counts.entries()) {
  const { workers, main, others, waiting } = typical[index]!
  const cpu = `${workers.toFixed(0)} µs of CPU a file reading, ${main.toFixed(0)} in the main thread, ${others.toFixed(0)} in V8's own`
  console.log(
    `${threads} thread${threads > 1 ? 's' : ' '}  ${Math.round(median(rates[index]!))} files/s, ${cpu}; ${waiting.toFixed(0)} waiting for a core`,
  )
}
const factorOf = ([one, more]: number[][]) => median(more!.map((rate, round) => rate / one![round]!))
const factor = factorOf(rates)
const [alone, together] = typical as [ThreadTimes, ThreadTimes]
const possible = (counts[1]! * alone.workers) / (together.workers + together.main + together.others)
report(`${counts[1]} idle cores allow for`, possible.toFixed(2))
report(`an empty loop in ${counts[1]} threads, of its speed in 1`, factorOf(loopRates).toFixed(2))
report(`${counts[1]} threads, of the speed of 1`, factor.toFixed(2), atLeast(factor, goal))
