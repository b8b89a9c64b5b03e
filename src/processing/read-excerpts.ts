import { setTimeout as sleep } from 'node:timers/promises'
import type { AssetType } from '../model/asset-type.ts'
import { excerptReadTimeoutMs, maxDocumentBytes } from '../model/document-limits.ts'
import { contentHeadBytes } from '../model/limits.ts'
import type { BlobStore, StoredContent } from './content-ports.ts'
import type { AssetStore, Explainer } from './ports.ts'

/** What reading excerpts needs. */
export interface ExcerptPorts {
  readonly store: Pick<AssetStore, 'readPacked'>
  readonly blobs: Pick<BlobStore, 'read'>
  readonly explainer: Explainer
}

interface Place {
  readonly line: number
  readonly column: number
}

/**
 * The source line around each place in a content; `null` where nothing stands there or the content cannot be read just now: problems are
 * worth telling without it. `null` as a whole when the content is no longer where the asset said.
 */
export type ReadExcerpts = (
  asset: StoredContent & { readonly type: AssetType },
  places: readonly Place[],
) => Promise<(string | null)[] | null>

/** Large contents are looked at one after another, so that many who ask at once do not fill the memory. */
export function createReadExcerpts({ store, blobs, explainer }: ExcerptPorts): ReadExcerpts {
  let lastBlob: Promise<unknown> = Promise.resolve()

  async function cutFromBlob(key: string, size: number, type: AssetType, places: readonly Place[]): Promise<(string | null)[]> {
    const result = lastBlob.then(async () => explainer.cut(await readShared(blobs, key, size), type, places))
    lastBlob = result.catch(() => undefined)
    const nothing = places.map(() => null)
    return Promise.race([result.catch(() => nothing), sleep(excerptReadTimeoutMs, nothing, { ref: false })])
  }

  return async ({ id, size, content, type }, places) => {
    if ('blob' in content) return cutFromBlob(content.blob, size, type, places)
    const bytes = (await store.readPacked([{ id, size, content }])).get(id)
    return bytes === undefined ? null : explainer.cut(sharedCopy(bytes), type, places)
  }
}

/** The content, or of one too large to be parsed its beginning: its only problem stands there. */
async function readShared(blobs: ExcerptPorts['blobs'], key: string, size: number): Promise<SharedArrayBuffer> {
  const target = new Uint8Array(new SharedArrayBuffer(size <= maxDocumentBytes ? size : contentHeadBytes))
  let length = 0
  for await (const piece of await blobs.read(key)) {
    target.set(piece.subarray(0, target.length - length), length)
    length += piece.length
    if (length >= target.length) break
  }
  return target.buffer as SharedArrayBuffer
}

function sharedCopy(bytes: Uint8Array): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(bytes.length)
  new Uint8Array(memory).set(bytes)
  return memory
}
