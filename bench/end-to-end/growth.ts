/**
 * Whether the way of an asset gets longer as the tree grows: rates of post-processing in each tenth of one import, from the log of the server.
 *
 *     node bench/end-to-end/growth.ts [assets=10000]
 *
 * Goal: the last tenth at 0.8 of the rate of the first. The first half of the first tenth does not count: the compiler works while code is new.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runAssay } from '../../test/cli/run-assay.ts'
import { startAssay } from '../../test/support/assay-server.ts'
import { topicOfTypicalSize } from '../dita/typical-topic.ts'
import { atLeast, report } from '../report.ts'

const assets = Number(process.argv[2] ?? 10_000)
const assetsPerFolder = 1000
const goal = 0.8

const root = await mkdtemp(join(tmpdir(), 'assay-bench-'))
try {
  const tree = join(root, 'tree')
  for (let index = 0; index < assets; index++) {
    const folder = join(tree, String(Math.floor(index / assetsPerFolder)).padStart(4, '0'))
    if (index % assetsPerFolder === 0) await mkdir(folder, { recursive: true })
    await writeFile(join(folder, `t${index}.dita`), topicOfTypicalSize(index))
  }
  await using server = await startAssay({ dataDirectory: join(root, 'data'), optimised: true })
  let settled = 0
  const marks: { settled: number; at: number }[] = []
  const all = server.logged(
    'batch-settled',
    (line) => {
      settled += Number(line.succeeded) + Number(line.failed)
      marks.push({ settled, at: Date.parse(String(line.time)) })
      return settled >= assets
    },
    24 * 3_600_000,
  )
  const [, password = ''] = Buffer.from(server.authorization.replace('Basic ', ''), 'base64').toString().split(':')
  const settings = { ASSAY_URL: server.url, ASSAY_PASSWORD: password }
  const { code, err } = await runAssay(['import', tree, '/content/dam/bench'], { settings, timeoutMs: 24 * 3_600_000 })
  if (code !== 0) throw new Error(`The import ended with ${code}: ${err}`)
  await all
  const rates = Array.from({ length: 10 }, (_, tenth) => rateBetween(tenth === 0 ? 0.05 : tenth / 10, (tenth + 1) / 10))
  console.log(`${assets} assets, post-processed a second in each tenth: ${rates.map(Math.round).join(' ')}`)
  const ratio = rates[9]! / rates[0]!
  report('the last tenth, of the rate of the first', ratio.toFixed(2), atLeast(ratio, goal))

  function rateBetween(from: number, to: number): number {
    return ((to - from) * assets * 1000) / (timeOf(to * assets) - timeOf(from * assets))
  }

  /** Batches are told of when they are whole: between two of them time passes evenly. */
  function timeOf(count: number): number {
    const next = marks.findIndex((mark) => mark.settled >= count)
    const [before, after] = [marks[next - 1] ?? marks[0]!, marks[next]!]
    if (after.settled === before.settled) return after.at
    return before.at + ((count - before.settled) / (after.settled - before.settled)) * (after.at - before.at)
  }
} finally {
  await rm(root, { recursive: true, force: true })
}
