/**
 * Files per second of Adobe's own client (`@adobe/aem-upload`) against Assay, beside the same client against a recorder that answers at
 * once and stores nothing, in the same run. The client sends strictly one completeUpload at a time, so the time of that request is its
 * ceiling.
 *
 *     node bench/adobe/upload.ts [files=1000] [maxConcurrent=5]
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { uploadFolder } from '../../test/support/adobe-upload.ts'
import { startAssay } from '../../test/support/assay-server.ts'
import { topicOfTypicalSize } from '../dita/typical-topic.ts'
import { cpuMs, median } from '../process-usage.ts'
import { startRecorder } from './recorder.ts'

const goalOfRecorder = 0.7
const goalOfCompleteMs = 2
const timer = fileURLToPath(new URL('time-requests.ts', import.meta.url))
const [count = '1000', concurrent = '5'] = process.argv.slice(2)
const files = Number(count)
const maxConcurrent = Number(concurrent)

const root = await mkdtemp(join(tmpdir(), 'assay-adobe-bench-'))
try {
  const local = join(root, 'set')
  await mkdir(local)
  for (let index = 0; index < files; index++) await writeFile(join(local, `t${index}.dita`), topicOfTypicalSize(index))

  await using recorder = await startRecorder()
  const times = join(root, 'times.json')
  const environment = { NODE_OPTIONS: `--import=${timer}`, ASSAY_BENCH_TIMES: times }
  await using server = await startAssay({ dataDirectory: join(root, 'data'), optimised: true, environment })
  const target = { url: server.url, authorization: server.authorization }
  await run(recorder, local, 'warm')
  await run(target, local, 'warm')
  const bare = await run(recorder, local, 'bare')
  const cpuBefore = cpuMs(server.pid)
  const assay = await run(target, local, 'bench')
  const cpu = (cpuMs(server.pid) - cpuBefore) / files
  await server.stop()
  const completions = (JSON.parse(await readFile(times, 'utf8')) as number[]).slice(-files)
  console.log(`recorder that stores nothing   ${bare.toFixed(0)} files/s`)
  console.log(`Assay                          ${assay.toFixed(0)} files/s`)
  console.log(`share                          ${((assay / bare) * 100).toFixed(0)} % (goal ${goalOfRecorder * 100} %)`)
  console.log(`completeUpload on the server   ${median(completions).toFixed(2)} ms at the median (goal ${goalOfCompleteMs})`)
  console.log(`CPU time of the server         ${cpu.toFixed(2)} ms for each file until its upload ends`)
} finally {
  await rm(root, { recursive: true, force: true })
}

/** Files per second of one upload into a folder of its own. */
async function run(server: { url: string; authorization: string }, local: string, folder: string): Promise<number> {
  const startedAt = performance.now()
  const result = await uploadFolder(server, `/content/dam/${folder}`, local, { maxFiles: files + 10, maxConcurrent })
  const seconds = (performance.now() - startedAt) / 1000
  if (result.totalCompleted !== files) throw new Error(`The client completed ${result.totalCompleted} of ${files} files.`)
  return files / seconds
}
