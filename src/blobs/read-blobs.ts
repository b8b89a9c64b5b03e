import { once } from 'node:events'
import { ReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { type BlobStore, ContentMissingError, ContentStoreUnavailableError } from '../processing/content-ports.ts'
import { blobPath } from './blob-path.ts'
import type { Disk } from './disk.ts'
import { isMissing } from './is-missing.ts'
import type { Spool } from './spool.ts'

/** The reading side of a blob store. What is not there is told from what cannot be read just now by the spool, which lies beside it. */
export function readBlobs(
  { driver, readPart }: Disk,
  spool: Pick<Spool, 'isThere'>,
): Pick<BlobStore, 'read' | 'readAll' | 'readPart' | 'sizeOf'> {
  async function explain(key: string, error: unknown): Promise<Error> {
    const isGone = isMissing(error) && (await spool.isThere())
    return isGone ? new ContentMissingError(key, { cause: error }) : new ContentStoreUnavailableError({ cause: error })
  }

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
      throw await explain(key, error)
    }
  }

  return {
    read,
    async sizeOf(key) {
      try {
        return (await driver.getMetaData(blobPath(key))).contentLength
      } catch (error) {
        const reason = await explain(key, error)
        if (reason instanceof ContentMissingError) return null
        throw reason
      }
    },
    // Not the driver's getBytes: for an empty file it gives 64 KiB of zeros (flydrive 2.1.0).
    async readAll(key) {
      const stream = await read(key)
      try {
        return joinShared(await stream.toArray())
      } catch (error) {
        throw new ContentStoreUnavailableError({ cause: error })
      }
    },
    async readPart(key, offset, length) {
      try {
        return await readPart(blobPath(key), offset, length)
      } catch (error) {
        throw await explain(key, error)
      }
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
