import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openBlobStore } from '../../src/blobs/open-blob-store.ts'
import { describeBlobStore } from '../conformance/blob-store.ts'

const temporaryFolder = () => mkdtemp(join(tmpdir(), 'assay-blobs-'))

describeBlobStore('blobs in files', async () => {
  const dataDirectory = await temporaryFolder()
  return {
    store: await openBlobStore({ dataDirectory }),
    async inventory() {
      const files = await readdir(join(dataDirectory, 'blobs'), { recursive: true, withFileTypes: true })
      const names = (growing: boolean) =>
        files.filter((file) => file.isFile() && file.parentPath.endsWith('growing') === growing).map((file) => file.name)
      return { growing: names(true), blobs: names(false) }
    },
    [Symbol.asyncDispose]: () => rm(dataDirectory, { recursive: true }),
  }
})

test('removes at start what processes that ended have left, and nothing of those that still write', async () => {
  const dataDirectory = await temporaryFolder()
  onTestFinished(() => rm(dataDirectory, { recursive: true }))
  const growing = join(dataDirectory, 'blobs', 'growing')
  await mkdir(growing, { recursive: true })
  const ended = spawnSync(process.execPath, ['-e', '']).pid
  const host = hostname().replace(/[^A-Za-z0-9-]/g, '-')
  const names = {
    ofEnded: `${host}.${ended}.x`,
    ofRunning: `${host}.${process.ppid}.x`,
    ofOwnId: `${host}.${process.pid}.x`,
    newOfOtherHost: 'elsewhere.1.x',
    oldOfOtherHost: 'elsewhere.1.y',
  }
  for (const name of Object.values(names)) await writeFile(join(growing, name), 'part')
  const yesterday = new Date(Date.now() - 24 * 3_600_000)
  await utimes(join(growing, names.oldOfOtherHost), yesterday, yesterday)

  await openBlobStore({ dataDirectory })

  expect((await readdir(growing)).sort()).toEqual([names.newOfOtherHost, names.ofRunning].sort())
})
