import { existsSync, rmSync, statfsSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { diskBallastBytes, diskCheckIntervalMs, minFreeDiskBytes, minFreeDiskFraction } from '../../model/database-limits.ts'

/** How much of the disk stays free: the larger of the two, besides the ballast. */
export interface DiskThresholds {
  readonly minFreeBytes: number
  readonly minFreeFraction: number
  /** Size of a file that is given up when the disk is full all the same, so that PostgreSQL can recover. 0 for none. */
  readonly ballastBytes: number
}

export const defaultDiskThresholds: DiskThresholds = {
  minFreeBytes: minFreeDiskBytes,
  minFreeFraction: minFreeDiskFraction,
  ballastBytes: diskBallastBytes,
}

const ballastChunkBytes = 1024 * 1024

/** Gives whether fewer bytes are free on the directory's disk than have to stay free, once `expectedBytes` more are written. */
export function isDiskLow(directory: string, thresholds: DiskThresholds, expectedBytes = 0): boolean {
  const { bavail, blocks, bsize } = statfsSync(directory)
  return bavail * bsize - expectedBytes < Math.max(thresholds.minFreeBytes, thresholds.minFreeFraction * blocks * bsize)
}

/** Watches the disk under the database. PostgreSQL itself cannot go on after a full disk, so writes are refused before. */
export class DiskGuard {
  readonly #directory: string
  readonly #thresholds: DiskThresholds
  #low = false
  #checkedAt = Number.NEGATIVE_INFINITY
  #ballast: Promise<void> = Promise.resolve()

  constructor(directory: string, thresholds: DiskThresholds) {
    this.#directory = directory
    this.#thresholds = thresholds
  }

  /** Looked up at most once per `diskCheckIntervalMs`. */
  isLow(): boolean {
    const now = performance.now()
    if (now - this.#checkedAt >= diskCheckIntervalMs) {
      this.#checkedAt = now
      this.#low = isDiskLow(this.#directory, this.#thresholds)
      this.#keepBallast()
    }
    return this.#low
  }

  /** Resolves when no ballast is being written any more. */
  settled(): Promise<void> {
    return this.#ballast
  }

  /** Lays the ballast down if it is missing and there is room for it, which may be only long after it was given up. */
  #keepBallast(): void {
    this.#ballast = this.#ballast.then(() => layBallast(this.#directory, this.#thresholds)).catch(() => giveUpBallast(this.#directory))
  }
}

/** Frees the ballast's space. */
export function giveUpBallast(directory: string): void {
  rmSync(ballastPath(directory), { force: true })
}

async function layBallast(directory: string, thresholds: DiskThresholds): Promise<void> {
  const { ballastBytes } = thresholds
  const path = ballastPath(directory)
  if (existsSync(path) && (await stat(path)).size >= ballastBytes) return
  if (ballastBytes === 0 || isDiskLow(directory, thresholds, ballastBytes)) return
  await using file = await open(path, 'w')
  // Not zeros: a file system that compresses would give them no space.
  const chunk = crypto.getRandomValues(new Uint8Array(Math.min(ballastChunkBytes, 65_536)))
  const block = Buffer.concat(Array.from({ length: ballastChunkBytes / chunk.length }, () => chunk))
  for (let written = 0; written < ballastBytes; written += block.length) await file.write(block)
  await file.sync()
}

function ballastPath(directory: string): string {
  return join(directory, 'ballast')
}
