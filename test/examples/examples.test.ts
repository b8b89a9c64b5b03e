import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { apiOf } from '../support/assay-api.ts'
import { type AssayServer, startAssay } from '../support/assay-server.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const manual = '/content/dam/garden'

let server: AssayServer
let token: string
beforeAll(async () => {
  server = await startAssay({ environment: { ASSAY_WEBHOOK_PRIVATE_RECEIVERS: '127.0.0.1' } })
  const body = JSON.stringify({ name: 'examples', scopes: ['write'] })
  token = ((await (await post('/api/v1/tokens', body)).json()) as { token: string }).token
})
afterAll(() => server[Symbol.asyncDispose]())

const post = (address: string, body: string) =>
  apiOf(server).send(address, { method: 'POST', body, headers: { 'content-type': 'application/json' } })

/** Runs a program in the clone; `assay/client` is what stands in `src/`, so that nothing need be built before. */
function start(command: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const env = {
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: process.env.HOME,
    NODE_OPTIONS: '--conditions=assay-source',
    ASSAY_URL: server.url,
    ASSAY_TOKEN: token,
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
  expect(await publish('/content/dam/typo')).toMatchObject({ code: 1, err: expect.stringContaining('there is nothing at this path') })
})

it('a receiver believes our webhooks, tells what failed, and believes nobody else', async () => {
  const port = await freePort()
  const created = await post(
    '/api/v1/webhooks',
    JSON.stringify({ url: `http://127.0.0.1:${port}/`, types: ['assay.asset.processed'], paths: [`${manual}/hook`] }),
  )
  const { secret } = (await created.json()) as { secret: string }
  const receiver = start(process.execPath, ['examples/webhook-receiver/receiver.mjs'], { WEBHOOK_SECRET: secret, PORT: String(port) })
  try {
    const lines = createInterface(receiver.stdout)[Symbol.asyncIterator]()
    expect((await lines.next()).value).toBe(`listening on ${port}`)
    const forged = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{"type":"assay.run.finished"}' })
    expect(forged.status).toBe(400)
    await apiOf(server).upload(`${manual}/hook/a.dita`, '<topic>')
    expect((await lines.next()).value).toMatch(/^failed: \/content\/dam\/garden\/hook\/a\.dita: NOT_WELL_FORMED \S/)
  } finally {
    receiver.kill()
    await once(receiver, 'exit')
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
