/**
 * Many assets that refer to one: how long until all of them tell that what they refer to has gone.
 *
 *     node bench/end-to-end/referrers.ts [referrers=10000]
 *
 * Measured from the answer to the upload that removes the id, to the moment when the last referrer has the problem.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
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
  const brokenMs = (await untilBroken(send, referrers)) - changedAt
  await put(send, `${folder}/target.dita`, target('here'))
  const healedAt = performance.now()
  const healedMs = (await untilBroken(send, 0)) - healedAt
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

/**
 * Resolves when exactly so many assets have a missing fragment. Counting costs the server more than resolving, so one asset is watched
 * until it turns (those received last are resolved last), and then all are counted. Gives the time at which the successful count began.
 */
async function untilBroken(send: Send, expected: number): Promise<number> {
  while ((await isBroken(send, referrers - 1)) !== expected > 0) await sleep(5)
  for (;;) {
    const countedAt = performance.now()
    if ((await countBroken(send)) === expected && (await isSettled(send))) return countedAt
  }
}

async function isBroken(send: Send, number: number): Promise<boolean> {
  const answer = await send(`/api/v1/assets/by-path?${new URLSearchParams({ path: `${folder}/r${number}.dita` })}`)
  const { status, problems } = (await answer.json()) as { status: string; problems: { code: string }[] }
  return status !== 'SUCCESS' || problems.some((problem) => problem.code === 'REF_FRAGMENT_MISSING')
}

async function isSettled(send: Send): Promise<boolean> {
  const headers = { 'content-type': 'application/json', prefer: 'wait=60' }
  const answer = await send('/bin/guides/v1/assets/status', { method: 'POST', headers, body: JSON.stringify({ paths: [folder] }) })
  const { assets } = (await answer.json()) as { assets: { status: string }[] }
  return assets.every((asset) => asset.status === 'SUCCESS')
}

async function countBroken(send: Send): Promise<number> {
  const query = new URLSearchParams({ folder, code: 'REF_FRAGMENT_MISSING' })
  const answer = await send(`/api/v1/assets?${query}`, { headers: { accept: 'application/x-ndjson' } })
  return (await answer.text()).split('\n').filter((line) => line !== '').length
}

function target(id: string): string {
  return `<topic id="t"><title>Target</title><body><p id="${id}">Here</p></body></topic>`
}
