import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openBlobStore } from '../../src/blobs/open-blob-store.ts'
import { type BlobStore, ContentMissingError, ContentStoreUnavailableError } from '../../src/processing/content-ports.ts'
import { describeBlobStore } from '../conformance/blob-store.ts'
import { type FakeS3, startFakeS3 } from '../support/fake-s3.ts'

const temporaryFolder = () => mkdtemp(join(tmpdir(), 'assay-blobs-'))

/** `ASSAY_TEST_S3_URL=http://key:secret@127.0.0.1:9000/bucket` names a real server to run the suite on as well. */
const url = process.env.ASSAY_TEST_S3_URL ? new URL(process.env.ASSAY_TEST_S3_URL) : null

describeBlobStore('blobs in S3', async () => {
  const dataDirectory = await temporaryFolder()
  const s3 = await startFakeS3()
  return {
    store: await openBlobStore({ dataDirectory, s3: s3.location }),
    inventory: async () => ({ growing: await readdir(join(dataDirectory, 'blobs', 'growing')), blobs: [...s3.objects.keys()] }),
    async [Symbol.asyncDispose]() {
      await s3[Symbol.asyncDispose]()
      await rm(dataDirectory, { recursive: true })
    },
  }
})

if (url) {
  describeBlobStore(`blobs in S3 at ${url.host}`, async () => {
    const dataDirectory = await temporaryFolder()
    const credentials = { accessKeyId: decodeURIComponent(url.username), secretAccessKey: decodeURIComponent(url.password) }
    return {
      store: await openBlobStore({
        dataDirectory,
        s3: { bucket: url.pathname.slice(1), region: 'us-east-1', endpoint: url.origin, credentials },
      }),
      inventory: async () => ({ growing: await readdir(join(dataDirectory, 'blobs', 'growing')), blobs: [] }),
      [Symbol.asyncDispose]: () => rm(dataDirectory, { recursive: true }),
    }
  })
}

describe('an S3 with troubles', () => {
  let s3: FakeS3
  let store: BlobStore
  let dataDirectory: string
  beforeEach(async () => {
    dataDirectory = await temporaryFolder()
    s3 = await startFakeS3()
    store = await openBlobStore({ dataDirectory, s3: { ...s3.location, idleTimeoutMs: 300, retryDelayMs: 1 } })
  })
  afterEach(async () => {
    await s3[Symbol.asyncDispose]()
    await rm(dataDirectory, { recursive: true })
  })

  const bytes = randomBytes(300_000)
  const write = () =>
    store.write(
      (async function* () {
        yield bytes
      })(),
      bytes.length,
    )
  const growing = () => readdir(join(dataDirectory, 'blobs', 'growing'))

  test('that asks to slow down, or loses an answer, is asked again with the whole content', async () => {
    s3.disturb('PUT', 'slow-down', 'lost', 'slow-down')
    const { key } = await write()
    expect(Buffer.compare(await store.readAll(key), bytes)).toBe(0)
    expect(await growing()).toEqual([])
  })

  test('is given up after a bounded number of tries, and nothing is left', async () => {
    s3.disturb('PUT', ...Array<'slow-down'>(50).fill('slow-down'))
    await expect(write()).rejects.toThrow(ContentStoreUnavailableError)
    expect(s3.objects.size).toBe(0)
    expect(await growing()).toEqual([])
  })

  test('that refuses is not asked again', async () => {
    s3.disturb('PUT', 'refused', 'refused')
    await expect(write()).rejects.toThrow(ContentStoreUnavailableError)
    expect(s3.requests.get('PUT')).toBe(1)
  })

  test.each(['cut', 'hang'] as const)('whose answer is %s never gives a shorter content', async (fault) => {
    const { key } = await write()
    s3.disturb('GET', fault)
    await expect(store.readAll(key)).rejects.toThrow(ContentStoreUnavailableError)
    expect(Buffer.compare(await store.readAll(key), bytes)).toBe(0)
  })

  test('is told from one that has no such object', async () => {
    const { key } = await write()
    s3.disturb('GET', ...Array<'slow-down'>(50).fill('slow-down'))
    await expect(store.readAll(key)).rejects.toThrow(ContentStoreUnavailableError)
    await expect(store.readAll('0'.repeat(64))).rejects.toThrow(ContentStoreUnavailableError)
    await s3[Symbol.asyncDispose]()
    await expect(store.sizeOf(key)).rejects.toThrow()
  })

  test('has no such object', async () => {
    await expect(store.readAll('0'.repeat(64))).rejects.toThrow(ContentMissingError)
    expect(await store.sizeOf('0'.repeat(64))).toBeNull()
  })
})

test('names the packages to install when S3 is wanted and the AWS SDK is missing', () => {
  const opener = fileURLToPath(new URL('../../src/blobs/s3-disk.ts', import.meta.url))
  const program = `
    import { registerHooks } from 'node:module'
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier.startsWith('@aws-sdk/')) throw Object.assign(new Error('not installed'), { code: 'ERR_MODULE_NOT_FOUND' })
        return next(specifier, context)
      },
    })
    const { openS3Disk } = await import(${JSON.stringify(opener)})
    await openS3Disk({ bucket: 'b', region: 'eu-central-1' }).catch((error) => console.log(error.message))`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })
  expect(stdout).toContain('npm install @aws-sdk/client-s3@3 @aws-sdk/s3-request-presigner@3')
})
