import type { DriverContract } from 'flydrive/types'

/** What differs between the kinds of blob store: how a finished temporary file becomes visible under its name. */
export interface Disk {
  readonly driver: DriverContract
  /** `length` bytes of the file at `path` from `offset`, fewer where it ends before. */
  readPart(path: string, offset: number, length: number): Promise<Uint8Array>
  /** All or nothing: afterwards the file's whole content is durable at `path`, and the file is gone. If it rejects, the file may still be there. */
  place(file: string, path: string, size: number): Promise<void>
}
