/**
 * Runs the benchmarks one after another, each in a process of its own: `npm run bench`, or `npm run bench -- xml` for those of one
 * folder. Arguments after the folder go to the benchmark.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const benchmarks = [
  'xml/parse.ts',
  'dita/read.ts',
  'threads/scale.ts',
  'threads/excerpts.ts',
  'threads/suspects.ts',
  'start/start.ts',
  'status/list.ts',
  'http/put.ts',
  'http/poll.ts',
  'database/share.ts',
  'database/plans.ts',
  'end-to-end/import.ts',
  'end-to-end/growth.ts',
  'end-to-end/referrers.ts',
  'runs/overhead.ts',
  'runs/large.ts',
  'webhooks/deliver.ts',
  'events/delay.ts',
  'adobe/upload.ts',
  'rules/decide.ts',
  'rules/apply.ts',
]

const root = fileURLToPath(new URL('.', import.meta.url))
const [only, ...rest] = process.argv.slice(2)
const chosen = benchmarks.filter((file) => only === undefined || file.startsWith(`${only}/`))
if (chosen.length === 0) {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  console.error(`There is no benchmark "${only}": take one of ${folders.map((entry) => entry.name).join(', ')}.`)
  process.exitCode = 2
}
for (const file of chosen) {
  console.log(`\n# ${file}\n`)
  const { status } = spawnSync(process.execPath, [root + file, ...rest], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
