import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { openBlobStore } from '../../src/blobs/open-blob-store.ts'
import { describeBlobStore } from '../conformance/blob-store.ts'

/** `ASSAY_TEST_S3_URL=http://key:secret@127.0.0.1:9000/bucket` names a real server; the AWS SDK must be installed for the run. */
const url = process.env.ASSAY_TEST_S3_URL ? new URL(process.env.ASSAY_TEST_S3_URL) : null

if (url) {
  describeBlobStore('blobs in S3', async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'assay-blobs-'))
    return {
      store: await openBlobStore({
        dataDirectory,
        s3: {
          bucket: url.pathname.slice(1),
          region: 'us-east-1',
          endpoint: url.origin,
          credentials: { accessKeyId: decodeURIComponent(url.username), secretAccessKey: decodeURIComponent(url.password) },
        },
      }),
      inventory: async () => ({ growing: await readdir(join(dataDirectory, 'blobs', 'growing')), blobs: [] }),
      [Symbol.asyncDispose]: () => rm(dataDirectory, { recursive: true }),
    }
  })
} else {
  describe('blobs in S3', () => {
    test.skip('needs a server: set ASSAY_TEST_S3_URL', () => {})
  })
}
