/**
 * The whole way over HTTP: how many assets a second are received and post-processed, embedded database, client on the same machine.
 *
 *     node bench/end-to-end/import.ts [assets=5000] [folder]
 *
 * Without a folder the assets are generated topics that refer to one another. Prints the rate of the uploads, of upload and
 * post-processing together, and the time of a status job over all of them beside the goals.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAssay } from '../../test/support/assay-server.ts'
import { topicOfTypicalSize } from '../dita/typical-topic.ts'

const clients = 64
const goalPerSecond = 3000

const [count = '5000', folder] = process.argv.slice(2)
const contents = folder ? await readContents(folder) : generate(Number(count))
const dataDirectory = await mkdtemp(join(tmpdir(), 'assay-bench-'))
try {
  const startedAt = performance.now()
  await using server = await startAssay({ dataDirectory, optimised: true })
  report('start with a new data directory', `${seconds(performance.now() - startedAt)} s`)
  await measure(server.url, server.authorization)
} finally {
  await rm(dataDirectory, { recursive: true, force: true })
}

async function measure(url: string, authorization: string): Promise<void> {
  const uploadedAt = performance.now()
  const queue = contents.entries()
  await Promise.all(Array.from({ length: clients }, () => upload(url, authorization, queue)))
  report('received', `${rate(performance.now() - uploadedAt)} assets/s`)
  await settled(url, authorization)
  report('received and post-processed', `${rate(performance.now() - uploadedAt)} assets/s (goal ${goalPerSecond})`)

  const listedAt = performance.now()
  const answer = await start(url, authorization, 60)
  const bytes = (await answer.arrayBuffer()).byteLength
  report('status job over all, from POST to the last byte', `${seconds(performance.now() - listedAt)} s, ${bytes} bytes`)
}

async function upload(url: string, authorization: string, queue: IterableIterator<[number, Buffer]>): Promise<void> {
  for (const [index, body] of queue) {
    const path = `/content/dam/bench/${String(index % 100).padStart(2, '0')}/t${index}.dita`
    const answer = await fetch(url + path, { method: 'PUT', headers: { authorization }, body })
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
    await answer.arrayBuffer()
  }
}

/** Asks for the counts of the root until nothing waits. */
async function settled(url: string, authorization: string): Promise<void> {
  for (;;) {
    const answer = await start(url, authorization, 60)
    const { assets } = (await answer.json()) as { assets: { status: string }[] }
    if (assets.every((asset) => asset.status === 'SUCCESS' || asset.status === 'FAILURE')) return
  }
}

function start(url: string, authorization: string, waitSeconds: number): Promise<Response> {
  const headers = { authorization, 'content-type': 'application/json', prefer: `wait=${waitSeconds}` }
  return fetch(`${url}/bin/guides/v1/assets/status`, { method: 'POST', headers, body: '{"paths":["/content/dam/bench"]}' })
}

function generate(total: number): Buffer[] {
  return Array.from({ length: total }, (_, index) => Buffer.from(topicOfTypicalSize(index)))
}

async function readContents(root: string): Promise<Buffer[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && /\.(dita|ditamap|xml)$/.test(entry.name))
  const real = await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name))))
  return Array.from({ length: Number(count) }, (_, index) => real[index % real.length]!)
}

function rate(milliseconds: number): number {
  return Math.round((contents.length * 1000) / milliseconds)
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2)
}

function report(what: string, figure: string): void {
  console.log(`${what.padEnd(52)} ${figure}`)
}
