/** Contents and the store of large ones: see `ports.ts`. */

/** Where a content is kept: in a pack of the database (small ones), or as a blob. */
export type ContentPlace = { readonly pack: number; readonly offset: number } | { readonly blob: string }

/** A content to be stored: bytes that are written in the commit, or the place of a content that is durable already. */
export type NewContent = { readonly bytes: Uint8Array } | ContentPlace

/** Where the content of an asset is, and how long it is. */
export interface StoredContent {
  readonly id: number
  readonly size: number
  readonly content: ContentPlace
}

/** Contents too large for the database. Keys are lower-case hex SHA-256; a key is visible only when its content is complete. */
export interface BlobStore {
  /** Streams to the store while hashing. `limitBytes` exceeded → {@link ContentTooLargeError}; nothing of an aborted stream stays. */
  write(
    content: AsyncIterable<Uint8Array>,
    limitBytes: number,
  ): Promise<{ readonly key: string; readonly size: number; readonly sha256: Uint8Array }>
  /** Rejects with {@link ContentMissingError} where there is no such blob, and with {@link ContentStoreUnavailableError} where it cannot be read just now. */
  read(key: string): Promise<AsyncIterable<Uint8Array>>
  /** Likewise. In memory that can be shared with threads. */
  readAll(key: string): Promise<Uint8Array>
  /** `length` bytes from `offset`, or what there is of them. Likewise. */
  readPart(key: string, offset: number, length: number): Promise<Uint8Array>
  /** Those that are gone already do not matter; those written less than `minAgeMs` ago stay: somebody has just received them again. */
  remove(keys: readonly string[], minAgeMs?: number): Promise<void>
  /** Bytes of the blob; `null` where there is none. Rejects with {@link ContentStoreUnavailableError} where that cannot be told just now. */
  sizeOf(key: string): Promise<number | null>
  /** Keys of blobs older than `ageMs`, in portions, of one of the `blobSlices` slices of all keys. */
  listOlderThan(ageMs: number, slice: number): AsyncIterable<readonly string[]>
}

/** The body was longer than allowed. */
export class ContentTooLargeError extends Error {
  override readonly name = 'ContentTooLargeError'
  readonly limitBytes: number
  constructor(limitBytes: number) {
    super(`The content is larger than ${limitBytes} bytes.`)
    this.limitBytes = limitBytes
  }
}

/** The store has no blob of that key, and will not have it when asked again. */
export class ContentMissingError extends Error {
  override readonly name = 'ContentMissingError'
  constructor(key: string, options: ErrorOptions) {
    super(`There is no blob ${key}.`, options)
  }
}

/** The store of large contents does not answer, or not as it should: perhaps it does later. The caller answers 503 with Retry-After. */
export class ContentStoreUnavailableError extends Error {
  override readonly name = 'ContentStoreUnavailableError'
  constructor(options: ErrorOptions) {
    const { cause } = options
    super(`The store of large contents does not answer: ${cause instanceof Error ? cause.message : String(cause)}`, options)
  }
}
