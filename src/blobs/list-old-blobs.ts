import type { DriverContract } from 'flydrive/types'
import { blobKey } from './blob-path.ts'
import { isMissing } from './is-missing.ts'

/** Metadata is one system call a file; of S3 it comes with the list. */
const filesAtOnce = 64

/** Keys of blobs of a slice that were last written more than `ageMs` ago, a portion per page: a store may hold a million of them. */
export async function* listOldBlobs(driver: DriverContract, ageMs: number, slice: number): AsyncGenerator<readonly string[]> {
  const writtenBefore = Date.now() - ageMs
  const prefix = `${slice.toString(16).padStart(2, '0')}/`
  let paginationToken: string | undefined
  do {
    const page = await driver.listAll(prefix, { recursive: true, ...(paginationToken && { paginationToken }) })
    paginationToken = page.paginationToken
    const paths = [...page.objects].flatMap((object) => (object.isFile ? [object] : []))
    const old: string[] = []
    while (paths.length > 0) {
      const files = paths.splice(0, filesAtOnce)
      const times = await Promise.all(files.map((file) => writtenAt(() => file.getMetaData())))
      for (const [index, { key: path }] of files.entries()) {
        const key = blobKey(path)
        if (key && times[index]! < writtenBefore) old.push(key)
      }
    }
    if (old.length > 0) yield old
  } while (paginationToken)
}

/** When a blob was last written. One that is gone is as good as new: nobody has to remove it. */
export async function writtenAt(getMetaData: () => ReturnType<DriverContract['getMetaData']>): Promise<number> {
  try {
    return (await getMetaData()).lastModified.getTime()
  } catch (error) {
    if (isMissing(error)) return Number.POSITIVE_INFINITY
    throw error
  }
}
