import { isLargeDocument } from '../model/large-document.ts'
import { maxThreadPartAssets, maxThreadPartBytes, minThreadPartAssets } from '../model/thread-limits.ts'
import type { ContentToRead } from '../processing/ports.ts'
import type { ReadTask, SharedContent } from './messages.ts'

/**
 * Divides a batch into parts of neighbouring contents: two for each thread if the batch is small, so that none waits for the others. A large
 * document is a part of its own.
 */
export function divide<Content extends Pick<ContentToRead, 'path' | 'size' | 'bytes'>>(
  contents: readonly Content[],
  threads: number,
): Content[][] {
  const fairShare = Math.ceil(contents.length / (2 * threads))
  const most = Math.min(Math.max(fairShare, minThreadPartAssets), maxThreadPartAssets)
  const parts: Content[][] = []
  let bytes = 0
  for (const content of contents) {
    const open = parts.at(-1)
    const standsAlone = isLargeDocument(content) || (open !== undefined && isLargeDocument(open[0]!))
    if (open === undefined || standsAlone || open.length === most || bytes + content.bytes.length > maxThreadPartBytes) {
      parts.push([content])
      bytes = 0
    } else open.push(content)
    bytes += content.bytes.length
  }
  return parts
}

/** Memory that is shared is copied word by word only where both sides begin with one: a seventh of the time. */
const wordBytes = 8

function inWords(length: number): number {
  return Math.ceil(length / wordBytes) * wordBytes
}

/** Puts the contents, one behind the other, into memory that a thread can see without a further copy. One alone may lie in such memory already. */
export function shareContents(contents: readonly ContentToRead[]): ReadTask {
  const [{ path, size, bytes }] = contents as readonly [ContentToRead]
  if (contents.length === 1 && bytes.buffer instanceof SharedArrayBuffer)
    return { kind: 'read', memory: bytes.buffer, contents: [{ path, size, offset: bytes.byteOffset, length: bytes.length }] }
  const memory = new SharedArrayBuffer(contents.reduce((total, { bytes }) => total + inWords(bytes.length), 0))
  const target = new Uint8Array(memory)
  let offset = 0
  const shared = contents.map(({ path, size, bytes }): SharedContent => {
    const at = offset
    target.set(bytes, at)
    offset += inWords(bytes.length)
    return { path, size, offset: at, length: bytes.length }
  })
  return { kind: 'read', memory, contents: shared }
}

/** The bytes of one of them: a copy, since not all that reads bytes accepts shared memory. */
export function bytesOf(memory: SharedArrayBuffer, { offset, length }: SharedContent): Buffer {
  return Buffer.from(new Uint8Array(memory, offset, length))
}
