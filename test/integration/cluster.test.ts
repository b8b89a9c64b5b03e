import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { apiOf, eventually, topic } from '../support/assay-api.ts'
import { type AssayOptions, type AssayServer, sharedAssay, startAssay } from '../support/assay-server.ts'
import { createDatabase } from '../support/test-database.ts'

/**
 * One cluster for all tests, in this order, as each process costs two seconds of CPU time: two API processes without a worker, then with one, then
 * with two, until one of the API processes is killed.
 */
const opened = new AsyncDisposableStack()
let start: (role: AssayOptions['role']) => Promise<AssayServer>
let first: AssayServer
let second: AssayServer
const workers: AssayServer[] = []
beforeAll(async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'assay-cluster-'))
  opened.defer(() => rm(dataDirectory, { recursive: true }))
  const databaseUrl = await createDatabase()
  start = async (role) => opened.use(await startAssay({ databaseUrl, dataDirectory, ...(role && { role }) }))
  ;[first, second] = await Promise.all([start('api'), start('api')])
})
afterAll(() => opened.disposeAsync())

const names = (count: number) => Array.from({ length: count }, (_, index) => `${String(index).padStart(4, '0')}.dita`)

async function importTopics(server: AssayServer, folder: string, count: number): Promise<void> {
  const form = new FormData()
  form.append('target', folder)
  for (const name of names(count)) form.append('file', new Blob([topic(name)]), name)
  const response = await apiOf(server).send('/bin/guides/v1/asset/import', { method: 'POST', body: form })
  expect(await response.json()).toMatchObject({ received: count })
}

/** The ids of a stream, until it is left, ended or cut off. */
async function* streamIds(server: AssayServer, wanted: string, last: string): AsyncGenerator<string> {
  const cut = new AbortController()
  try {
    const headers = { authorization: server.authorization, 'last-event-id': last }
    const response = await fetch(`${server.url}/api/v1/events/stream?${wanted}`, { headers, signal: cut.signal })
    let text = ''
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
      const frames = (text + piece).split('\n\n')
      text = frames.pop()!
      for (const frame of frames) {
        const id = /^id: (\d+)$/m.exec(frame)?.[1]
        if (id !== undefined) yield id
      }
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  } finally {
    cut.abort()
  }
}

const assetsSettledBy = (server: AssayServer) =>
  [...server.logs().matchAll(/"event":"batch-settled","assets":\d+,"succeeded":(\d+)/g)].reduce((sum, match) => sum + Number(match[1]), 0)

it('takes the steps of a direct upload in whatever process they reach', { timeout: 60_000 }, async () => {
  await apiOf(second).send('/api/assets/steps', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
  const content = Buffer.alloc(300_000, 'large')
  const files = { 'small.dita': Buffer.from(topic('Small')), 'large.bin': content }
  const form = (fields: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(fields) })
  for (const [fileName, bytes] of Object.entries(files)) {
    const announced = { fileName, fileSize: String(bytes.length) }
    const initiated = await apiOf(first).send('/content/dam/steps.initiateUpload.json', form(announced))
    const [{ uploadToken, uploadURIs }] = ((await initiated.json()) as { files: [{ uploadToken: string; uploadURIs: [string] }] }).files
    const put = (server: AssayServer, body: Uint8Array) =>
      fetch(uploadURIs[0].replace(first.url, server.url), { method: 'PUT', body: body as unknown as string })
    // The last part counts, wherever the ones before it went.
    expect((await put(first, Buffer.alloc(bytes.length, 'other'))).status).toBe(201)
    expect((await put(second, bytes)).status).toBe(201)
    const complete = (server: AssayServer) =>
      apiOf(server).send('/content/dam/steps.completeUpload.json', form({ ...announced, uploadToken }))
    expect(await (await complete(first)).json()).toMatchObject({ outcome: 'created', revision: 1 })
    expect(await (await complete(second)).json()).toMatchObject({ outcome: 'repeated' })
    const stored = await apiOf(second).send(`/content/dam/steps/${fileName}`)
    expect(Buffer.from(await stored.arrayBuffer()).equals(bytes)).toBe(true)
  }
})

it('post-processes what another process received as soon as a worker comes', { timeout: 90_000 }, async () => {
  await importTopics(first, '/content/dam/early', 20)
  const { jobId, status } = (await (await apiOf(first).start({ paths: ['/content/dam/early'] })).json()) as {
    jobId: string
    status: string
  }
  expect(status).toBe('WAITING')
  expect(await (await apiOf(first).poll(jobId)).json()).toEqual({ jobId, status: 'WAITING' })
  const held = await apiOf(first).start({ paths: ['/content/dam/early'] }, { prefer: 'wait=1' })
  expect(await held.json()).toMatchObject({ status: 'WAITING' })
  const { items } = (await (await apiOf(first).send('/api/v1/assets?folder=/content/dam/early')).json()) as { items: { status: string }[] }
  expect(items.map(({ status }) => status)).toEqual(Array(20).fill('PENDING'))
  const worker = await start('worker')
  workers.push(worker)
  expect((await apiOf(first).settled(['/content/dam/early'])).map(({ status }) => status)).toEqual(Array(20).fill('SUCCESS'))
  const all = await apiOf(first).settled(['/content/dam'])
  // The log line comes after the commit, and the next test counts.
  await eventually(
    async () => assetsSettledBy(worker),
    (settled) => settled >= all.length,
  )
})

it('shares the work among workers, each asset once', { timeout: 90_000 }, async () => {
  workers.push(await start('worker'))
  const before = workers.map(assetsSettledBy)
  const folder = '/content/dam/shared'
  const settledBy = () => workers.map((worker, index) => assetsSettledBy(worker) - before[index]!)
  let count = 0
  // One worker may be so fast that nothing is left for the other: then there is more work.
  for (let part = 0; part < 10 && (part < 3 || settledBy().includes(0)); part++) {
    await importTopics(first, `${folder}/${part}`, 500)
    count += 500
    const list = await apiOf(first).settled([folder], 60_000)
    expect(list.filter(({ status }) => status === 'SUCCESS')).toHaveLength(count)
  }
  // The log line comes after the commit.
  await eventually(
    async () => settledBy().reduce((sum, settled) => sum + settled, 0),
    (sum) => sum >= count,
  )
  expect(settledBy().reduce((sum, settled) => sum + settled, 0)).toBe(count)
  expect(settledBy()).not.toContain(0)
})

it('tells every event once to a reader whose stream is cut off again and again, at one process and the other, until one is killed', {
  timeout: 60_000,
}, async () => {
  const nodes = [first, second]
  const folder = '/content/dam/streamed'
  const wanted = `path=${folder}&type=assay.asset.received`
  const total = 120
  const after = ((await (await apiOf(first).send('/api/v1/events?after=latest')).json()) as { nextCursor: string }).nextCursor
  const ids: string[] = []
  const reading = (async () => {
    for (let connection = 0; ids.length < total; connection++) {
      const end = Math.min(ids.length + 5 + (connection % 7), total)
      for await (const id of streamIds(nodes[connection % 2]!, wanted, ids.at(-1) ?? after)) {
        ids.push(id)
        if (ids.length === end) break
      }
    }
  })()
  const write = async (node: AssayServer, name: string) => {
    for (let index = 0; index < total / 3; index++) await apiOf(node).upload(`${folder}/${name}/${index}.txt`, `${name} ${index}`)
  }
  await Promise.all([write(first, 'first'), write(second, 'second')])
  await first.kill()
  await write(second, 'third')
  await reading
  const { items } = (await (await apiOf(second).send(`/api/v1/events?after=${after}&${wanted}&limit=1000`)).json()) as {
    items: { id: string }[]
  }
  expect(ids).toEqual(items.map(({ id }) => id))
})

it('refuses a second server in the same data directory and names the process that has it', { timeout: 60_000 }, async () => {
  const shared = await sharedAssay()
  const refusal = await startAssay({ dataDirectory: shared.dataDirectory }).then(
    (server) => server[Symbol.asyncDispose](),
    (error: Error) => error.message,
  )
  expect(refusal).toMatch(new RegExp(`\\b${shared.pid}\\b`))
  expect(refusal).not.toMatch(/\.ts:\d/)
  expect((await apiOf(shared).send('/readyz')).status).toBe(200)
})
