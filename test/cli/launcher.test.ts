import { spawnSync } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asOlderNode, runAssay, startServing } from './run-assay.ts'

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
  await using server = await startServing({ folder, nodeOptions: asOlderNode })
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  expect(await server.stop()).toBe(0)
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed')
})

test('without any Node that can run it, it says what to do', async () => {
  await mkdir(join(folder, 'bin'))
  const alone = join(folder, 'bin', 'assay.mjs')
  await copyFile(fileURLToPath(new URL('../../bin/assay.js', import.meta.url)), alone)
  const { status, stderr } = spawnSync(process.execPath, [...asOlderNode, alone, '--version'], { encoding: 'utf8' })
  expect(status).toBe(6)
  expect(stderr).toMatch(/^assay: this Node is 20\.1\.0, and Assay needs 24 or newer\.\nInstall that Node/)
})
