import type { DriverContract } from 'flydrive/types'

/** What differs between the kinds of blob store: how a finished temporary file becomes visible under its name. */
export interface Disk {
  readonly driver: DriverContract
  /** All or nothing: afterwards the file's whole content is durable at `path`. The file may be gone or still there. */
  place(file: string, path: string, size: number): Promise<void>
}
