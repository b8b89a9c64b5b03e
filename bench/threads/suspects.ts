/**
 * How many files a second are read apart, as after the death of a process, beside the usual way: two batches under way in each.
 *
 *     node bench/threads/suspects.ts [number of files]
 *
 * Goal: as many as an import has processed in all, so that a restart with a backlog is not slower than the rest. The start of both processes counts.
 */
import type { ContentToRead } from '../../src/processing/ports.ts'
import { openReader } from '../../src/threads/open-reader.ts'
import { topicOfTypicalSize } from '../dita/typical-topic.ts'

const goalPerSecond = 1100
const batchAssets = 500

const contents = Array.from({ length: Number(process.argv[2] ?? 10_000) }, (_, id): ContentToRead => {
  const bytes = Buffer.from(topicOfTypicalSize(id))
  return { id, path: `/content/dam/${id}.dita`, size: bytes.length, bytes }
})
await using reader = await openReader({ threads: 2, onThreadEnded: (event) => console.error('a thread ended', event) })
const { signal } = new AbortController()

async function rateOf(read: (batch: readonly ContentToRead[]) => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  let at = 0
  const work = async () => {
    while (at < contents.length) await read(contents.slice(at, (at += batchAssets)))
  }
  await Promise.all([work(), work()])
  return contents.length / ((performance.now() - startedAt) / 1000)
}

const usual = await rateOf(reader.read)
const apart = await rateOf((batch) => reader.readApart(batch, signal))
console.log(`usual ${usual.toFixed(0)}/s, apart ${apart.toFixed(0)}/s (goal ${goalPerSecond})`)
