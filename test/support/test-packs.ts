import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBlobStore } from '../../src/blobs/open-blob-store.ts'
import type { BlobStore } from '../../src/processing/content-ports.ts'
import type { DatabaseConnection } from '../../src/store/database.ts'
import { createPacks, type Packs } from '../../src/store/packs.ts'

/** A blob store in a folder of its own, which is removed with it. */
export async function openTestBlobs(): Promise<BlobStore & AsyncDisposable> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'assay-blobs-'))
  const blobs = await openBlobStore({ dataDirectory })
  return { ...blobs, [Symbol.asyncDispose]: () => rm(dataDirectory, { recursive: true, force: true }) }
}

/** The packs of a database. Large ones lie in a blob store of their own. */
export async function openTestPacks(database: DatabaseConnection): Promise<Packs & AsyncDisposable> {
  const blobs = await openTestBlobs()
  return { ...createPacks(database, blobs), [Symbol.asyncDispose]: () => blobs[Symbol.asyncDispose]() }
}
