/**
 * Many assets that refer to one: how long until all of them tell that what they refer to has gone.
 *
 *     node bench/end-to-end/referrers.ts [referrers=10000]
 *
 * Measured from the answer to the upload that removes the id, to the moment when the last referrer has the problem, asked for through
 * the list of assets by problem code (whose own time is part of the figure).
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAssay } from '../../test/support/assay-server.ts'

const goalMs = 1000
const referrers = Number(process.argv[2] ?? 10_000)
const folder = '/content/dam/referrers'

const dataDirectory = await mkdtemp(join(tmpdir(), 'assay-bench-'))
try {
  await using server = await startAssay({ dataDirectory })
  await measure((path, init = {}) =>
    fetch(server.url + path, { ...init, headers: { authorization: server.authorization, ...init.headers } }),
  )
} finally {
  await rm(dataDirectory, { recursive: true, force: true })
}

type Send = (path: string, init?: RequestInit) => Promise<Response>

async function measure(send: Send): Promise<void> {
  await put(send, `${folder}/target.dita`, target('here'))
  const numbers = Array.from({ length: referrers }, (_, index) => index).values()
  await Promise.all(Array.from({ length: 64 }, () => upload(send, numbers)))
  await untilBroken(send, 0)

  await put(send, `${folder}/target.dita`, target('gone'))
  const changedAt = performance.now()
  await untilBroken(send, referrers)
  const brokenMs = performance.now() - changedAt
  await put(send, `${folder}/target.dita`, target('here'))
  const healedAt = performance.now()
  await untilBroken(send, 0)
  const healedMs = performance.now() - healedAt
  console.log(`${referrers} referrers broken after ${Math.round(brokenMs)} ms, healed after ${Math.round(healedMs)} ms (goal ${goalMs} ms)`)
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

/** Resolves when everything is settled and exactly so many assets have a missing fragment. */
async function untilBroken(send: Send, expected: number): Promise<void> {
  for (;;) {
    const headers = { 'content-type': 'application/json', prefer: 'wait=60' }
    const answer = await send('/bin/guides/v1/assets/status', { method: 'POST', headers, body: JSON.stringify({ paths: [folder] }) })
    const { assets } = (await answer.json()) as { assets: { status: string }[] }
    if (assets.every((asset) => asset.status === 'SUCCESS') && (await countBroken(send)) === expected) return
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
