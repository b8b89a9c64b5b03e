import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import { giveBackMemory } from './give-back-memory.ts'

const compress = promisify(gzip)
/** A list of statuses becomes a sixth: each asset has a random UUID, and all else is alike. */
const leastRatio = 4
const leastRoomBytes = 16 * 1024

/**
 * What follows `from` in the bytes as a gzip member, made by Node's thread pool in one go: by default the main thread is asked for room after each
 * 16 KiB, and until it has a core the pool waits for it. The bytes are given up where they have a buffer of their own.
 */
export async function compressPiece(bytes: Uint8Array, from: number): Promise<Uint8Array> {
  const chunkSize = Math.max(leastRoomBytes, Math.ceil(bytes.length / leastRatio))
  const member = await compress(bytes.subarray(from), { level: constants.Z_BEST_SPEED, chunkSize })
  giveBackMemory([bytes])
  return member
}
