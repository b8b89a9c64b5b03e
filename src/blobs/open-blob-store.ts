import { once } from 'node:events'
import { ReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type BlobStore, ContentMissingError, ContentStoreUnavailableError } from '../processing/ports.ts'
import { blobPath } from './blob-path.ts'
import { openFileDisk } from './file-disk.ts'
import { isMissing } from './is-missing.ts'
import { listOldBlobs, writtenAt } from './list-old-blobs.ts'
import { createOneAtATime } from './one-at-a-time.ts'
import { openS3Disk, type S3Location } from './s3-disk.ts'
import { openSpool } from './spool.ts'

export type { S3Location } from './s3-disk.ts'

/** Removals under way at a time: each is one request or one system call. */
const removalsAtOnce = 16

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

  async function read(key: string): Promise<Readable> {
    const path = blobPath(key)
    try {
      const stream = await driver.getStream(path)
      // A missing file is told now, as a missing object is.
      if (stream instanceof ReadStream) await once(stream, 'open')
      // Without a listener an error between here and the first read would end the process; the reader gets it all the same.
      stream.on('error', () => {})
      return stream
    } catch (error) {
      if (isMissing(error) && (await spool.isThere())) throw new ContentMissingError(key, { cause: error })
      throw new ContentStoreUnavailableError({ cause: error })
    }
  }

  async function readAll(key: string): Promise<Uint8Array> {
    const stream = await read(key)
    try {
      return joinShared(await stream.toArray())
    } catch (error) {
      throw new ContentStoreUnavailableError({ cause: error })
    }
  }

  return {
    async write(content, limitBytes) {
      const { file, key, size, sha256 } = await spool.fill(content, limitBytes)
      try {
        await oneAtATime(blobPath(key), () => disk.place(file, blobPath(key), size))
      } finally {
        await rm(file, { force: true })
      }
      return { key, size, sha256 }
    },
    read,
    // Not the driver's getBytes: for an empty file it gives 64 KiB of zeros (flydrive 2.1.0).
    readAll,
    isThere: async (key) => Number.isFinite(await writtenAt(() => driver.getMetaData(blobPath(key)))),
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

/** Not `Buffer.concat`: threads can see shared memory without a further copy. */
function joinShared(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(new SharedArrayBuffer(pieces.reduce((sum, { length }) => sum + length, 0)))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
