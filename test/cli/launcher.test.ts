import { spawn, spawnSync } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOtherSide } from '../client/other-side.ts'
import { copyDataDirectory } from '../support/test-database.ts'
import { asOlderNode, launcher, runAssay, startServing } from './run-assay.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-launcher-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('an older Node hands over to the one of the package, with arguments, output and exit code', async () => {
  const own = await runAssay(['status'])
  expect(own.code).toBe(2)
  expect(await runAssay(['status'], { nodeOptions: asOlderNode })).toEqual(own)
  expect((await runAssay(['--version'], { nodeOptions: asOlderNode })).out).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('an older Node passes the request to stop on and ends with the exit code of the server', async () => {
  await copyDataDirectory(join(folder, 'assay-data'))
  await using server = await startServing({ folder, nodeOptions: asOlderNode })
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  expect(await server.stop()).toBe(0)
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed')
})

test('it stops in order when the npx that waits for it has ended, and without npx outlives the shell that started it', async () => {
  await copyDataDirectory(join(folder, 'npx'))
  await using side = await startOtherSide(() => ({ body: { jobId: 'j', status: 'PROCESSING' } }))
  const independent = startInShell([launcher, 'status', '/content/dam', '--wait'], { ASSAY_URL: side.url, ASSAY_TOKEN: 't' })
  const { value: pid } = await independent.lines.next()
  independent.shell.kill('SIGKILL')
  try {
    const npx = { npm_lifecycle_script: "'assay' serve --port 0", ASSAY_DATA_DIR: join(folder, 'npx') }
    const { shell, lines } = startInShell([...asOlderNode, launcher, 'serve', '--port', '0'], npx)
    let last = ''
    for await (const line of lines) {
      last = line
      if (line.includes('"event":"server-started"')) shell.kill('SIGKILL')
    }
    expect(last).toContain('"event":"server-stopped"')
    expect(() => process.kill(Number(pid), 0)).not.toThrow()
  } finally {
    process.kill(Number(pid), 'SIGKILL')
  }
})

test('without any Node that can run it, it says what to do', async () => {
  await mkdir(join(folder, 'bin'))
  const alone = join(folder, 'bin', 'assay.mjs')
  await copyFile(fileURLToPath(new URL('../../bin/assay.js', import.meta.url)), alone)
  const { status, stderr } = spawnSync(process.execPath, [...asOlderNode, alone, '--version'], { encoding: 'utf8' })
  expect(status).toBe(6)
  expect(stderr).toMatch(/^assay: this Node is 20\.1\.0, and Assay needs 24 or newer\.\nInstall that Node/)
})

/** Starts Node as npx does, below a shell that waits for it. The first of the lines is the process id of Node. */
function startInShell(argv: readonly string[], settings: Readonly<Record<string, string>>) {
  const shell = spawn('sh', ['-c', '"$@" & echo $!; wait', 'sh', process.execPath, ...argv], {
    env: { PATH: process.env.PATH ?? '', ...settings },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return { shell, lines: createInterface({ input: shell.stdout })[Symbol.asyncIterator]() }
}
