import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectionTimeoutMs } from '../model/database-limits.ts'
import { s3IdleTimeoutMs, s3RetryDelayMs, s3Tries } from '../model/limits.ts'
import { cutPieces } from '../processing/byte-pieces.ts'
import { ContentStoreUnavailableError } from '../processing/content-ports.ts'
import type { Disk } from './disk.ts'

/** Where an S3 bucket is and how to enter it. Without keys the AWS SDK looks for credentials in its usual places. */
export interface S3Location {
  readonly bucket: string
  readonly region: string
  /** For stores other than Amazon's; they are addressed as `<endpoint>/<bucket>`. */
  readonly endpoint?: string
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** A connection on which nothing comes or goes for so long is given up. */
  readonly idleTimeoutMs?: number
  /** Before the second try to write; then twice as long each time. */
  readonly retryDelayMs?: number
}

/**
 * Blobs as objects of a bucket. An object appears with its whole content or not at all, but its length must be known before, and its
 * name is the hash of what it holds: that is why contents go through a temporary file here too.
 *
 * The AWS SDK is not among our dependencies (it is larger than the rest together). Rejects with the name of what to install.
 */
export async function openS3Disk(location: S3Location): Promise<Disk> {
  const { bucket, region, endpoint, credentials, idleTimeoutMs = s3IdleTimeoutMs, retryDelayMs = s3RetryDelayMs } = location
  const { S3Driver } = await import('flydrive/drivers/s3').catch(explainMissingPackage)
  const driver = new S3Driver({
    bucket,
    region,
    visibility: 'private',
    // Buckets have had their ACLs switched off by default since 2023, and most other stores have none.
    supportsACL: false,
    // Checksums in trailers are not understood by all stores that are not Amazon's.
    ...(endpoint && { endpoint, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' }),
    ...(credentials && { credentials }),
    requestHandler: { connectionTimeout: connectionTimeoutMs, socketTimeout: idleTimeoutMs },
  })
  return {
    driver,
    /** flydrive asks for no ranges, so what comes before is read and thrown away. */
    async readPart(path, offset, length) {
      return buffer(cutPieces(await driver.getStream(path), offset, offset + length))
    },
    async place(file, path, size) {
      // The SDK repeats what it can, which a stream is not: it has been read.
      for (let attempt = 1; ; attempt++) {
        const stream = createReadStream(file)
        try {
          await driver.putStream(path, stream, { contentLength: size, contentType: 'application/octet-stream' })
          break
        } catch (error) {
          if (attempt === s3Tries || isRefusal(error)) throw new ContentStoreUnavailableError({ cause: error })
        } finally {
          stream.destroy()
        }
        await sleep(retryDelayMs * 2 ** (attempt - 1))
      }
      await rm(file, { force: true })
    },
  }
}

/** Asking again would not help: a wrong key, a bucket that is not there. */
function isRefusal(error: unknown): boolean {
  const status = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0
  return status >= 400 && status < 500 && status !== 408 && status !== 429
}

function explainMissingPackage(cause: NodeJS.ErrnoException): never {
  if (cause.code !== 'ERR_MODULE_NOT_FOUND') throw cause
  throw new Error(
    'Blobs in S3 need the AWS SDK, which is not installed. Run: npm install @aws-sdk/client-s3@3 @aws-sdk/s3-request-presigner@3',
    { cause },
  )
}
