/**
 * Many assets that refer to one: how long until all of them tell that what they refer to has gone.
 *
 *     node bench/end-to-end/referrers.ts [referrers=10000]
 *
 * Measured from the answer to the upload that removes the id, to the log line that tells of the last referrer written. (Asking would disturb
 * what is measured, and what is asked for is shown as it stands anyway.) Afterwards all of them are counted.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AssayServer, startAssay } from '../../test/support/assay-server.ts'

const goalMs = 1000
const referrers = Number(process.argv[2] ?? 10_000)
const folder = '/content/dam/referrers'

const dataDirectory = await mkdtemp(join(tmpdir(), 'assay-bench-'))
try {
  await using server = await startAssay({ dataDirectory, optimised: true, environment: { ASSAY_LOG_LEVEL: 'debug' } })
  await measure(server, (path, init = {}) =>
    fetch(server.url + path, { ...init, headers: { authorization: server.authorization, ...init.headers } }),
  )
} finally {
  await rm(dataDirectory, { recursive: true, force: true })
}

type Send = (path: string, init?: RequestInit) => Promise<Response>

async function measure(server: AssayServer, send: Send): Promise<void> {
  await put(send, `${folder}/target.dita`, target('here'))
  const numbers = Array.from({ length: referrers }, (_, index) => index).values()
  await Promise.all(Array.from({ length: 64 }, () => upload(send, numbers)))
  await untilSettled(send)
  await expectBroken(send, 0)

  const brokenMs = await replaceTarget(server, send, 'gone')
  await expectBroken(send, referrers)
  const healedMs = await replaceTarget(server, send, 'here')
  await expectBroken(send, 0)
  console.log(`${referrers} referrers broken after ${Math.round(brokenMs)} ms, healed after ${Math.round(healedMs)} ms (goal ${goalMs} ms)`)
}

/** Milliseconds from the answer to the upload until the last referrer was written. */
async function replaceTarget(server: AssayServer, send: Send, id: string): Promise<number> {
  const since = new Date().toISOString()
  let written = 0
  const last = server.logged('references-resolved', (line) => {
    if (String(line.time) < since) return false
    written += Number(line.written)
    return written >= referrers
  })
  await put(send, `${folder}/target.dita`, target(id))
  const changedAt = performance.now()
  await last
  return performance.now() - changedAt
}

async function upload(send: Send, numbers: IterableIterator<number>): Promise<void> {
  for (const number of numbers) {
    await put(
      send,
      `${folder}/r${number}.dita`,
      `<topic id="r${number}"><title>Referrer</title><body><p><xref href="target.dita#t/here"/></p></body></topic>`,
    )
  }
}

async function put(send: Send, path: string, body: string): Promise<void> {
  const answer = await send(path, { method: 'PUT', body })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  await answer.arrayBuffer()
}

async function expectBroken(send: Send, expected: number): Promise<void> {
  const broken = await countBroken(send)
  if (broken !== expected) throw new Error(`${broken} referrers are broken, and should be ${expected}.`)
}

async function untilSettled(send: Send): Promise<void> {
  const headers = { 'content-type': 'application/json', prefer: 'wait=60' }
  for (;;) {
    const answer = await send('/bin/guides/v1/assets/status', { method: 'POST', headers, body: JSON.stringify({ paths: [folder] }) })
    const { assets } = (await answer.json()) as { assets: { status: string }[] }
    if (assets.every((asset) => asset.status === 'SUCCESS')) return
  }
}

async function countBroken(send: Send): Promise<number> {
  const query = new URLSearchParams({ folder, code: 'REF_FRAGMENT_MISSING' })
  const answer = await send(`/api/v1/assets?${query}`, { headers: { accept: 'application/x-ndjson' } })
  return (await answer.text()).split('\n').filter((line) => line !== '').length
}

function target(id: string): string {
  return `<topic id="t"><title>Target</title><body><p id="${id}">Here</p></body></topic>`
}
