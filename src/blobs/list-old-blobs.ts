import type { DriverContract } from 'flydrive/types'
import { blobKey } from './blob-path.ts'

/** Metadata is one system call a file; of S3 it comes with the list. */
const filesAtOnce = 64

/** Keys of blobs that were last written more than `ageMs` ago, a portion per folder and page: a store may hold a million of them. */
export async function* listOldBlobs(driver: DriverContract, ageMs: number): AsyncGenerator<readonly string[]> {
  const writtenBefore = Date.now() - ageMs
  for (let first = 0; first < 256; first++) {
    const prefix = `${first.toString(16).padStart(2, '0')}/`
    let paginationToken: string | undefined
    do {
      const page = await driver.listAll(prefix, { recursive: true, ...(paginationToken && { paginationToken }) })
      paginationToken = page.paginationToken
      const paths = [...page.objects].flatMap((object) => (object.isFile ? [object] : []))
      const old: string[] = []
      while (paths.length > 0) {
        for (const file of await Promise.all(paths.splice(0, filesAtOnce).map(withTime))) {
          const key = blobKey(file.path)
          if (key && file.writtenAt < writtenBefore) old.push(key)
        }
      }
      if (old.length > 0) yield old
    } while (paginationToken)
  }
}

/** A blob that goes while it is looked at is as good as new: nobody has to remove it. */
async function withTime(file: {
  key: string
  getMetaData(): Promise<{ lastModified: Date }>
}): Promise<{ path: string; writtenAt: number }> {
  try {
    return { path: file.key, writtenAt: (await file.getMetaData()).lastModified.getTime() }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return { path: file.key, writtenAt: Number.POSITIVE_INFINITY }
  }
}
