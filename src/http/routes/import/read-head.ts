/** The beginning of a content. */
export interface ContentHead {
  readonly head: readonly Uint8Array[]
  /** Bytes of `head`. */
  readonly size: number
  /** The whole content, beginning included, where there is more than the head; `null` where the head is all. */
  readonly rest: AsyncIterable<Uint8Array> | null
}

/** Reads a content to its end, or until it is longer than `limitBytes`. */
export async function readHead(content: AsyncIterable<Uint8Array>, limitBytes: number): Promise<ContentHead> {
  const pieces = content[Symbol.asyncIterator]()
  const head: Uint8Array[] = []
  let size = 0
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    head.push(next.value)
    size += next.value.length
    if (size > limitBytes) return { head, size, rest: continued(head, pieces) }
  }
  return { head, size, rest: null }
}

async function* continued(head: readonly Uint8Array[], pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* head
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value
}
