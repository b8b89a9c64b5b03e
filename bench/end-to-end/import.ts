/**
 * The whole way: how many assets a second `assay import` brings to a server on the same machine, and how many are received and
 * post-processed. Embedded database, new data directory.
 *
 *     node bench/end-to-end/import.ts [assets=5000] [folder]
 *
 * Without a folder the assets are generated topics that refer to one another; with one, copies of what is in it. Prints CPU time of the
 * server beside the rates: on a machine that does other work it is the steadier figure.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type AssayServer, type LogLine, startAssay } from '../../test/support/assay-server.ts'
import { topicOfTypicalSize } from '../dita/typical-topic.ts'

const goalPerSecond = 3000
const target = '/content/dam/bench'
const launcher = fileURLToPath(new URL('../../bin/assay.js', import.meta.url))

const [count = '5000', source] = process.argv.slice(2)
const assets = Number(count)
const root = await mkdtemp(join(tmpdir(), 'assay-bench-'))
try {
  const tree = join(root, 'tree')
  await (source ? copyTree(source, tree) : generateTree(tree))
  const startedAt = performance.now()
  await using server = await startAssay({ dataDirectory: join(root, 'data'), optimised: true })
  report('start with a new data directory', `${seconds(performance.now() - startedAt)} s`)
  await measure(server, tree)
} finally {
  await rm(root, { recursive: true, force: true })
}

async function measure(server: AssayServer, tree: string): Promise<void> {
  const cpuBefore = await cpuMs(server.pid)
  const startedAt = performance.now()
  await runImport(server, tree)
  report('received', `${rate(performance.now() - startedAt)} assets/s`)
  await settled(server)
  report('received and post-processed', `${rate(performance.now() - startedAt)} assets/s (goal ${goalPerSecond})`)
  report('CPU time of the server', `${Math.round(((await cpuMs(server.pid)) - cpuBefore) * (1000 / assets))} µs an asset`)

  const listedAt = performance.now()
  const answer = await startStatusJob(server)
  const body = await answer.text()
  report('status job over all, from POST to the last byte', `${seconds(performance.now() - listedAt)} s, ${Buffer.byteLength(body)} bytes`)
  expectSettled(body)
}

async function runImport(server: AssayServer, tree: string): Promise<void> {
  const [, password = ''] = Buffer.from(server.authorization.replace('Basic ', ''), 'base64').toString().split(':')
  const env = { PATH: process.env.PATH, ASSAY_URL: server.url, ASSAY_PASSWORD: password }
  const child = spawn(process.execPath, [launcher, 'import', tree, target], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`The import ended with ${code}.`)
}

/**
 * Until the log has told of every asset. (Asking for the statuses again and again took part of the time of the embedded database, and was no part of
 * what is measured.)
 */
async function settled(server: AssayServer): Promise<void> {
  const told = new Set<LogLine>()
  for (let count = 0; count < assets; ) {
    const line = await server.logged('batch-settled', (candidate) => !told.has(candidate))
    told.add(line)
    count += Number(line.succeeded) + Number(line.failed)
  }
}

/** What the log tells must be what the API answers. */
function expectSettled(body: string): void {
  const listed = (JSON.parse(body) as { assets: { status: string }[] }).assets
  const open = listed.filter(({ status }) => status !== 'SUCCESS' && status !== 'FAILURE')
  if (listed.length !== assets || open.length > 0) throw new Error(`${listed.length} assets are listed, ${open.length} of them open.`)
}

function startStatusJob({ url, authorization }: AssayServer): Promise<Response> {
  const headers = { authorization, 'content-type': 'application/json', prefer: 'wait=60' }
  return fetch(`${url}/bin/guides/v1/assets/status`, { method: 'POST', headers, body: JSON.stringify({ paths: [target] }) })
}

async function generateTree(tree: string): Promise<void> {
  for (let index = 0; index < assets; index++) {
    const folder = join(tree, String(index % 100).padStart(2, '0'))
    if (index < 100) await mkdir(folder, { recursive: true })
    await writeFile(join(folder, `t${index}.dita`), topicOfTypicalSize(index))
  }
}

/** Whole copies, as far as they go: references between the files stay within their copy. */
async function copyTree(from: string, tree: string): Promise<void> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(from.length))
  for (let index = 0; index < assets; index++) {
    const file = files[index % files.length]!
    await cp(join(from, file), join(tree, `copy${Math.floor(index / files.length)}`, file))
  }
}

/** CPU time of a process so far, all its threads together (proc(5), in ticks of 10 ms). */
async function cpuMs(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function rate(milliseconds: number): number {
  return Math.round((assets * 1000) / milliseconds)
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2)
}

function report(what: string, figure: string): void {
  console.log(`${what.padEnd(52)} ${figure}`)
}
