import { hash } from 'node:crypto'
import { maxInlineContentBytes } from '../model/limits.ts'
import { type BlobStore, ContentTooLargeError, type NewContent } from './content-ports.ts'

/** The body ended before, or went on after, the announced length. Nothing was stored. */
export class IncompleteBodyError extends Error {
  override readonly name = 'IncompleteBodyError'
}

/** A body and what is known of its length. */
export interface IncomingBody {
  readonly body: AsyncIterable<Uint8Array>
  /** A longer one is refused with {@link ContentTooLargeError}. */
  readonly limitBytes: number
  /** What the sender announced; a body of another length is refused with {@link IncompleteBodyError}. */
  readonly expectedBytes?: number | undefined
}

/** A content that was read to its end; a large one is durable. */
export interface TakenContent {
  readonly content: NewContent
  readonly size: number
  readonly sha256: Uint8Array
}

/** Reads a body while hashing it: small contents stay in memory, larger ones are streamed to the blob store. */
export async function takeInContent(incoming: IncomingBody, blobs: BlobStore): Promise<TakenContent> {
  const iterator = incoming.body[Symbol.asyncIterator]()
  const head: Uint8Array[] = []
  let size = 0
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    head.push(next.value)
    size += next.value.length
    if (size > incoming.limitBytes) {
      await iterator.return?.()
      throw new ContentTooLargeError(incoming.limitBytes)
    }
    if (size > maxInlineContentBytes) {
      // Also where the store fails before it has asked for the first byte.
      return toBlob(incoming, chain(head, iterator), blobs).finally(() => iterator.return?.())
    }
  }
  requireLength(incoming, size)
  const bytes = head.length === 1 ? head[0]! : Buffer.concat(head, size)
  return takenBytes(bytes)
}

/** A small content (at most `maxInlineContentBytes`) of which all bytes are at hand. */
export function takenBytes(bytes: Uint8Array): TakenContent {
  return { content: { bytes }, size: bytes.length, sha256: hash('sha256', bytes, 'buffer') }
}

async function toBlob(incoming: IncomingBody, body: AsyncIterable<Uint8Array>, blobs: BlobStore): Promise<TakenContent> {
  const blob = await blobs.write(checkedLength(incoming, body), incoming.limitBytes)
  return { content: { blob: blob.key }, size: blob.size, sha256: blob.sha256 }
}

async function* chain(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  yield* head
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}

/** Throws at the end of a body of the wrong length, so that the blob store gives the unfinished blob up. */
async function* checkedLength(incoming: IncomingBody, body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let size = 0
  for await (const piece of body) {
    size += piece.length
    yield piece
  }
  requireLength(incoming, size)
}

function requireLength({ expectedBytes }: IncomingBody, size: number): void {
  if (expectedBytes !== undefined && expectedBytes !== size) {
    throw new IncompleteBodyError(`The body has ${size} bytes, ${expectedBytes} were announced: send it again.`)
  }
}
