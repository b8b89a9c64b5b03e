import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { launcher } from '../cli/run-assay.ts'
import { apiOf } from '../support/assay-api.ts'
import { type SharedAssay, sharedAssay } from '../support/assay-server.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)
const interpreters: Readonly<Record<string, string>> = { js: process.execPath, python: 'python3' }

async function readGuide(manual: string) {
  const guide = (await readFile(join(root, 'docs/guides/webhooks.md'), 'utf8')).replaceAll('/content/dam/manual', manual)
  return [...guide.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map(([, language, name, text]) => ({
    language: language!,
    name,
    text: text!,
  }))
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** What a program prints, line by line. */
class Lines {
  readonly #read: AsyncIterableIterator<string>
  constructor(program: ChildProcess) {
    this.#read = createInterface({ input: program.stdout! })[Symbol.asyncIterator]() as AsyncIterableIterator<string>
  }
  async until(wanted: string): Promise<string> {
    for (;;) {
      const { value, done } = await this.#read.next()
      if (done) throw new Error(`It ended without "${wanted}".`)
      if (value.includes(wanted)) return value
    }
  }
}

function environmentOf(server: SharedAssay): Record<string, string> {
  const [, password] = Buffer.from(server.authorization.slice('Basic '.length), 'base64').toString().split(':')
  return {
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: process.env.HOME ?? '',
    ASSAY_URL: server.url,
    ASSAY_PASSWORD: password!,
  }
}

/** Until something listens there. */
async function listening(port: number): Promise<void> {
  for (;;) {
    const isUp = await fetch(`http://127.0.0.1:${port}`).then(
      () => true,
      () => false,
    )
    if (isUp) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

it('runs every recipe of the guide, and forwards to a local program', async () => {
  const server = await sharedAssay()
  const api = apiOf(server)
  const manual = api.folder('webhooks-guide')
  const blocks = await readGuide(manual)
  const receivers = blocks.filter(({ language }) => language in interpreters)
  expect(receivers.map(({ name }) => name)).toEqual(['receiver.mjs', 'receiver.py'])
  const commands = blocks
    .filter(({ language, name }) => language === 'sh' && name !== 'skip')
    .map(({ text }) => text.replaceAll('npx assay', `node ${launcher}`))
  expect(commands.length).toBe(4)
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'assay-guide-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const env = environmentOf(server)
  const bash = (text: string, more: Record<string, string>) =>
    run('bash', ['-eo', 'pipefail', '-c', text], { cwd: folder, env: { ...env, ...more } })
  const start = (command: string, parameters: string[], more: Record<string, string>) => {
    const child = spawn(command, parameters, { cwd: folder, env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'ignore'] })
    stack.defer(() => void child.kill('SIGKILL'))
    return new Lines(child)
  }

  const waiting: Lines[] = []
  for (const [index, { language, name, text }] of receivers.entries()) {
    await writeFile(join(folder, name!), text)
    const port = await freePort()
    const { stdout, stderr } = await bash(commands[0]!, { RECEIVER: `http://127.0.0.1:${port}/` })
    const id = /Webhook (\S+) is added/.exec(stderr)![1]!
    stack.defer(async () => void (await api.send(`/api/v1/webhooks/${id}`, { method: 'DELETE' })))
    const told = start(interpreters[language]!, [name!], { PORT: String(port), WEBHOOK_SECRET: stdout.trim() })
    await listening(port)
    const tested = await bash(commands[1]!, { ID: id })
    expect(tested.stdout).toMatch(/^✓ \d+ .* 204 in \d+ ms {2}assay\.webhook\.test\n/)
    expect(await told.until('assay.webhook.test')).toBeTruthy()
    if (index === 0) for (const command of commands.slice(2)) await bash(command, { ID: id })
    waiting.push(told)
  }

  const port = await freePort()
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const local = start(process.execPath, [receivers[0]!.name!], { PORT: String(port), WEBHOOK_SECRET: secret })
  const parameters = [
    'listen',
    '--forward-to',
    `http://127.0.0.1:${port}`,
    '--secret',
    secret,
    '--type',
    'assay.asset.processed',
    '--path',
    manual,
    '--after',
    'oldest',
  ]
  const listener = start(process.execPath, [launcher, ...parameters], {})
  await listener.until(secret)
  await api.upload(`${manual}/intro.dita`, '<topic id="intro"><title>Intro</title></topic>')
  const line = `assay.asset.processed ${manual}/intro.dita SUCCESS`
  // The first one's secret was changed, but the old one signs too.
  const [forwarded] = await Promise.all([listener.until('intro.dita'), ...[...waiting, local].map((each) => each.until(line))])
  expect(forwarded).toMatch(/^✓ \d+ {2}204 in \d+ ms/)
})
