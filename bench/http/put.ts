/**
 * CPU time of the server, all its threads together, for one PUT until it is committed, at 64 in parallel, beside a bare node:http server that only
 * computes the SHA-256.
 *
 *     node bench/http/put.ts [files=6000]
 *
 * Goal: three times the bare server. The files go where path rules ignore what comes, or post-processing would be measured with it; so the one row of
 * an order is missing.
 */
import { Agent } from 'node:http'
import { startAssay } from '../../test/support/assay-server.ts'
import { startProgram } from '../../test/support/program.ts'
import { topicOfTypicalSize } from '../dita/typical-topic.ts'
import { cpuMs, median } from '../process-usage.ts'
import { atMost, report } from '../report.ts'
import { exchange, inParallel } from './exchange.ts'

const files = Number(process.argv[2] ?? 6000)
const inFlight = 64
const rounds = 3
const folder = '/content/dam/projects/translation_output/bench'

interface Target {
  readonly pid: number
  readonly url: string
  readonly authorization: string
}

interface Cost {
  readonly cpu: number
  readonly wall: number
}

await using assay = await startAssay({ optimised: true })
await using program = startProgram(new URL('./bare-put.ts', import.meta.url), [])
const bare = { pid: program.pid, url: (await program.lines.next()).value as string, authorization: assay.authorization }
using stack = new DisposableStack()
const agent = stack.adopt(new Agent({ keepAlive: true, maxSockets: inFlight }), (open) => open.destroy())
let sent = 0

// What compiles while code is new does not count.
for (const target of [bare, assay]) await putAll(target)
const theirs: Cost[] = []
const ours: Cost[] = []
for (let round = 0; round < rounds; round++) {
  theirs.push(await putAll(bare))
  ours.push(await putAll(assay))
}
const [theirCpu, ourCpu] = [theirs, ours].map((costs) => median(costs.map(({ cpu }) => cpu))) as [number, number]
const rate = (costs: readonly Cost[]) => (1000 / median(costs.map(({ wall }) => wall))).toFixed(0)
console.log(`${rounds} times ${files} topics of 5.5 kB, ${inFlight} in parallel, medians`)
report('bare node:http with SHA-256', `${theirCpu.toFixed(3)} ms of CPU a request, ${rate(theirs)} a second`)
report('PUT until committed, embedded database', `${ourCpu.toFixed(3)} ms of CPU a request, ${rate(ours)} a second`)
report('CPU, of that of the bare server', `${(ourCpu / theirCpu).toFixed(1)} times`, atMost(ourCpu / theirCpu, 3, ' times'))

/** Milliseconds a request. */
async function putAll({ pid, url, authorization }: Target): Promise<Cost> {
  const cpuBefore = cpuMs(pid)
  const startedAt = performance.now()
  await inParallel(files, inFlight, () => {
    const number = sent++
    const body = Buffer.from(topicOfTypicalSize(number))
    const headers = { authorization, 'content-type': 'application/xml', 'content-length': body.length }
    return exchange({ url: `${url}${folder}/t${number}.dita`, agent, method: 'PUT', headers, body })
  })
  return { wall: (performance.now() - startedAt) / files, cpu: (cpuMs(pid) - cpuBefore) / files }
}
