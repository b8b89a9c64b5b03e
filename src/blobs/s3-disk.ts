import { createReadStream } from 'node:fs'
import type { Disk } from './disk.ts'

/** Where an S3 bucket is and how to enter it. Without keys the AWS SDK looks for credentials in its usual places. */
export interface S3Location {
  readonly bucket: string
  readonly region: string
  /** For stores other than Amazon's; they are addressed as `<endpoint>/<bucket>`. */
  readonly endpoint?: string
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/**
 * Blobs as objects of a bucket. An object appears with its whole content or not at all, but its length must be known before, and its
 * name is the hash of what it holds: that is why contents go through a temporary file here too.
 *
 * The AWS SDK is not among our dependencies (it is larger than the rest together). Rejects with the name of what to install.
 */
export async function openS3Disk(location: S3Location): Promise<Disk> {
  const { bucket, region, endpoint, credentials } = location
  const { S3Driver } = await import('flydrive/drivers/s3').catch(explainMissingPackage)
  const driver = new S3Driver({
    bucket,
    region,
    visibility: 'private',
    // Buckets have had their ACLs switched off by default since 2023, and most other stores have none.
    supportsACL: false,
    ...(endpoint && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
  })
  return {
    driver,
    async place(file, path, size) {
      const stream = createReadStream(file)
      try {
        await driver.putStream(path, stream, { contentLength: size, contentType: 'application/octet-stream' })
      } finally {
        stream.destroy()
      }
    },
  }
}

function explainMissingPackage(cause: NodeJS.ErrnoException): never {
  if (cause.code !== 'ERR_MODULE_NOT_FOUND') throw cause
  throw new Error(
    'Blobs in S3 need the AWS SDK, which is not installed. Run: npm install @aws-sdk/client-s3@3 @aws-sdk/s3-request-presigner@3',
    { cause },
  )
}
