/**
 * What it costs to show the source at the problems of an asset: the content is read, and a thread cuts a line for each of up to 1,000 places.
 *
 *     node bench/threads/excerpts.ts
 *
 * `first`: with the start of the thread.
 */

import { maxProblemsPerAsset } from '../../src/model/document-limits.ts'
import { maxInlineContentBytes } from '../../src/model/limits.ts'
import { createReadExcerpts } from '../../src/processing/read-excerpts.ts'
import { openExplainer } from '../../src/threads/open-explainer.ts'

const rounds = 20
const pieceBytes = 64 * 1024
const line = '<p>Some words that fill a line of a usual length, and <xref href="a.dita"/> in it.</p>\n'

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

await using explainer = openExplainer({ onOutput: console.error })
for (const lines of [70, 1_400, 16_000, 280_000]) {
  const bytes = Buffer.from(line.repeat(lines))
  const read = createReadExcerpts({
    store: { readPacked: async () => new Map([[1, bytes]]) },
    blobs: { read: async () => piecesOf(bytes) },
    explainer,
  })
  const content = bytes.length > maxInlineContentBytes ? { blob: '' } : { pack: 1, offset: 0 }
  const count = Math.min(maxProblemsPerAsset, lines)
  const places = Array.from({ length: count }, (_, index) => ({ line: 1 + Math.floor((index * lines) / count), column: 57 }))
  const show = () => read({ id: 1, size: bytes.length, type: 'DITATOPIC', content }, places)
  const startedAt = performance.now()
  await show()
  const firstMs = performance.now() - startedAt
  const loop = performance.eventLoopUtilization()
  const repeatedAt = performance.now()
  for (let round = 0; round < rounds; round++) await show()
  const eachMs = (performance.now() - repeatedAt) / rounds
  const mainMs = performance.eventLoopUtilization(loop).active / rounds
  const size = `${Math.round(bytes.length / 1024)} KiB, ${count} places`
  console.log(`${size}: first ${firstMs.toFixed(0)} ms, then ${eachMs.toFixed(1)} ms, of which main thread ${mainMs.toFixed(1)} ms`)
}
