import { Buffer } from 'node:buffer'

/** The same memory as a Buffer, whose methods decode ranges without a view for each. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
