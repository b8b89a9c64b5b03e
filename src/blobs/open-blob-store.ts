import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobStore } from '../processing/content-ports.ts'
import { blobPath } from './blob-path.ts'
import { openFileDisk } from './file-disk.ts'
import { listOldBlobs, writtenAt } from './list-old-blobs.ts'
import { createOneAtATime } from './one-at-a-time.ts'
import { readBlobs } from './read-blobs.ts'
import { openS3Disk, type S3Location } from './s3-disk.ts'
import { openSpool } from './spool.ts'

export type { S3Location } from './s3-disk.ts'

/** Removals under way at a time: each is one request or one system call. */
const removalsAtOnce = 16

/** Where blobs are kept: below a folder, or in a bucket. */
export interface BlobStoreOptions {
  /** Blobs are kept in `blobs/` below it, growing contents in `blobs/growing/`. */
  readonly dataDirectory: string
  /** Keep complete blobs in a bucket instead. */
  readonly s3?: S3Location
}

/** Opens the store and removes what interrupted writes have left. Rejects if the folder cannot be used or the AWS SDK is missing. */
export async function openBlobStore({ dataDirectory, s3 }: BlobStoreOptions): Promise<BlobStore> {
  const root = join(dataDirectory, 'blobs')
  const spool = await openSpool(join(root, 'growing'))
  const disk = s3 ? await openS3Disk(s3) : openFileDisk(root)
  const { driver } = disk

  const oneAtATime = createOneAtATime()

  return {
    async write(content, limitBytes) {
      const { file, key, size, sha256 } = await spool.fill(content, limitBytes)
      try {
        await oneAtATime(blobPath(key), () => disk.place(file, blobPath(key), size))
      } catch (error) {
        await rm(file, { force: true })
        throw error
      }
      return { key, size, sha256 }
    },
    ...readBlobs(disk, spool),
    listOlderThan: (ageMs, slice) => listOldBlobs(driver, ageMs, slice),
    async remove(keys, minAgeMs = 0) {
      const paths = keys.map(blobPath)
      // Looked at again just before: between the list of old blobs and now it may have been written, and referred to, once more. And nobody
      // writes it between that look and the end of it.
      const removeOne = (path: string) =>
        oneAtATime(path, async () => {
          const isOld = minAgeMs === 0 || (await writtenAt(() => driver.getMetaData(path))) < Date.now() - minAgeMs
          if (isOld) await driver.delete(path)
        })
      while (paths.length > 0) await Promise.all(paths.splice(0, removalsAtOnce).map(removeOne))
    },
  }
}
