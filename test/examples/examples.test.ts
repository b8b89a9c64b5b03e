import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AssayApi, apiOf } from '../support/assay-api.ts'
import { type SharedAssay, sharedAssay } from '../support/assay-server.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

let server: SharedAssay
let api: AssayApi
let manual: string
let token: { readonly id: string; readonly token: string }
beforeAll(async () => {
  server = await sharedAssay()
  api = apiOf(server)
  manual = api.folder('garden')
  const body = JSON.stringify({ name: 'examples', scopes: ['write'] })
  token = (await (await post('/api/v1/tokens', body)).json()) as typeof token
})
afterAll(() => api.send(`/api/v1/tokens/${token.id}`, { method: 'DELETE' }))

const post = (address: string, body: string) => api.send(address, { method: 'POST', body, headers: { 'content-type': 'application/json' } })

/** Runs a program in the clone; `assay/client` is what stands in `src/`, so that nothing need be built before. */
function start(command: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const env = {
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: process.env.HOME,
    NODE_OPTIONS: '--conditions=assay-source',
    ASSAY_URL: server.url,
    ASSAY_TOKEN: token.token,
    ...environment,
  }
  return spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function run(command: string, ...args: readonly string[]) {
  const child = start(command, args)
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code: code as number | null, out, err }
}

it('the gate of a pipeline opens for what is ready alone', async () => {
  const gate = join(root, 'examples/ci-gate/gate.sh')
  expect(await run(gate, 'examples/garden/reuse', `${manual}/reuse`)).toMatchObject({
    code: 0,
    out: expect.stringContaining('1 succeeded'),
  })
  expect(await run(gate, 'examples/garden', manual)).toMatchObject({ code: 1, out: expect.stringContaining('NOT_WELL_FORMED') })
})

it('a folder is published when all of it is ready, and else not', async () => {
  const publish = (folder: string) =>
    run(process.execPath, 'examples/publish-when-ready/publish.mjs', folder, '--', process.execPath, '-p', '"published"')
  expect(await publish(`${manual}/reuse`)).toMatchObject({ code: 0, out: expect.stringMatching(/^All 1 assets are ready\.\npublished\n$/) })
  expect(await publish(manual)).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/harvest\.dita: line 7: /) })
  expect(await publish(`${manual}/typo`)).toMatchObject({ code: 1, err: expect.stringContaining('there is nothing at this path') })
})

it('a receiver believes our webhooks, tells what failed, and believes nobody else', async () => {
  const port = await freePort()
  const created = await post(
    '/api/v1/webhooks',
    JSON.stringify({ url: `http://127.0.0.1:${port}/`, types: ['assay.asset.processed'], paths: [`${manual}/hook`] }),
  )
  const { id, secret } = (await created.json()) as { id: string; secret: string }
  const receiver = start(process.execPath, ['examples/webhook-receiver/receiver.mjs'], { WEBHOOK_SECRET: secret, PORT: String(port) })
  try {
    const lines = createInterface(receiver.stdout)[Symbol.asyncIterator]()
    expect((await lines.next()).value).toBe(`listening on ${port}`)
    const forged = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{"type":"assay.run.finished"}' })
    expect(forged.status).toBe(400)
    await api.upload(`${manual}/hook/a.dita`, '<topic>')
    expect((await lines.next()).value).toMatch(new RegExp(`^failed: ${manual}/hook/a\\.dita: NOT_WELL_FORMED \\S`))
  } finally {
    receiver.kill()
    await once(receiver, 'exit')
    await api.send(`/api/v1/webhooks/${id}`, { method: 'DELETE' })
  }
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
