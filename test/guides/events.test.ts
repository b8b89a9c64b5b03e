import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { launcher } from '../cli/run-assay.ts'
import { apiOf, topic } from '../support/assay-api.ts'
import { sharedAssay } from '../support/assay-server.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

it('runs every recipe of the guide', async () => {
  const server = await sharedAssay()
  const api = apiOf(server)
  const manual = api.folder('events-guide')
  const guide = (await readFile(join(root, 'docs/guides/events.md'), 'utf8')).replaceAll('/content/dam/manual', manual)
  const blocks = [...guide.matchAll(/^```(sh|js)(?: (\S+))?\n(.*?)^```$/gms)].map(([, language, name, text]) => ({
    language,
    name,
    text: text!.replaceAll('npx assay', `node ${launcher}`),
  }))
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'assay-guide-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const [, password] = Buffer.from(server.authorization.slice('Basic '.length), 'base64').toString().split(':')
  const env: Record<string, string> = {
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    ASSAY_URL: server.url,
    ASSAY_PASSWORD: password!,
  }
  const bash = (text: string) => run('bash', ['-eo', 'pipefail', '-c', text], { cwd: folder, env })
  /** In a process group of its own: a shell does not hand on that it is to end. */
  const start = (command: string, ...parameters: string[]) => {
    const child = spawn(command, parameters, { cwd: folder, env, stdio: ['ignore', 'pipe', 'ignore'], detached: true })
    const end = async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      process.kill(-child.pid!, 'SIGKILL')
      await once(child, 'exit')
    }
    stack.defer(end)
    return { until: untilLine(child), end }
  }

  const created = await bash(blocks.find(({ name }) => name === 'token')!.text)
  const tokenId = /token revoke (\S+)/.exec(created.stderr)![1]!
  stack.defer(() => api.send(`/api/v1/tokens/${tokenId}`, { method: 'DELETE' }).then(() => {}))
  env.ASSAY_TOKEN = created.stdout.trim()
  delete env.ASSAY_PASSWORD

  await api.upload(`${manual}/intro.dita`, topic('Intro'))
  await api.settled([manual])
  const asked = blocks.filter(({ language, name }) => language === 'sh' && name === undefined)
  expect(asked.length).toBe(2)
  for (const { text } of asked) expect((await bash(text)).stdout).toContain('assay.asset.processed')

  const followed = blocks.filter(({ name }) => name === 'follow')
  expect(followed.length).toBe(3)
  const { name, text } = blocks.find(({ language }) => language === 'js')!
  await writeFile(join(folder, name!), text)
  const first = start('node', name!)
  const readers = followed.map(({ text }) => start('bash', '-eo', 'pipefail', '-c', text))
  await Promise.all([first.until(`${manual}/intro.dita SUCCESS`), ...readers.map(({ until }) => until(`${manual}/intro.dita`))])
  await expect.poll(() => readFile(join(folder, 'last-id'), 'utf8').catch(() => '')).toMatch(/^\d{16}$/)
  await first.end()
  await api.upload(`${manual}/later.dita`, topic('Later'))
  await Promise.all(readers.map(({ until }) => until(`${manual}/later.dita`)))
  await api.settled([manual])
  const second = start('node', name!)
  // Nothing of what the first one had dealt with.
  expect(await second.until('')).toBe(`${manual}/later.dita SUCCESS`)
})

/** The next line of what a program prints that has a text in it. */
function untilLine(program: ChildProcess): (wanted: string) => Promise<string> {
  const lines = createInterface({ input: program.stdout! })[Symbol.asyncIterator]()
  return async (wanted) => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done) throw new Error(`It ended without "${wanted}".`)
      if (value.includes(wanted)) return value
    }
  }
}
