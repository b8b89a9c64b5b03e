import type { ContentPlace, NewContent } from './content-ports.ts'

/** One part of a direct upload: read to its end, hashed, and about to be kept until the upload is completed. */
export interface IncomingPart {
  /** UUID of the upload. */
  readonly upload: string
  /** From 0. A part that comes again replaces itself. */
  readonly number: number
  readonly size: number
  readonly sha256: Uint8Array
  readonly content: NewContent
}

/** A part that is kept. */
export type StoredPart = Omit<IncomingPart, 'upload' | 'content'> & { readonly content: ContentPlace }

/** Parts of uploads until these are completed, and which uploads were. */
export interface UploadStore {
  /** One transaction for parts that differ. */
  keepParts(parts: readonly IncomingPart[]): Promise<void>
  /**
   * The parts of an upload by number, and whether it was completed before (its parts are then gone). `size`: the bytes that they must have
   * together, if known: then a part that was kept a moment ago and is all of them is not looked up.
   */
  readUpload(upload: string, size?: number): Promise<{ readonly completed: boolean; readonly parts: readonly StoredPart[] }>
  /** The bytes of a part that is kept in a pack. */
  readPackedPart(part: StoredPart): Promise<Uint8Array>
  /** Forgets the parts of an upload, and that it was completed. */
  forgetUpload(upload: string): Promise<void>
  /** Forgets parts and completed uploads that are older than `ageMs`. Returns how many of both. */
  expireUploads(ageMs: number): Promise<number>
}
