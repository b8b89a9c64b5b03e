import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A small disk of its own, in memory. */
export interface SmallDisk extends AsyncDisposable {
  readonly path: string
  /** Takes all space that is free, except for so many bytes. */
  fill(exceptBytes?: number): Promise<void>
  /** Gives that space back. */
  free(): Promise<void>
}

/** Whether this user may mount one. */
export const canMountDisk = process.platform === 'linux' && process.getuid?.() === 0 && mounts()

/** Mounts a tmpfs, which is gone when the returned object is disposed of. */
export async function mountSmallDisk(sizeMiB: number): Promise<SmallDisk> {
  const path = await mkdtemp(join(tmpdir(), 'assay-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'tmpfs', path])
  const filler = join(path, 'filler')
  return {
    path,
    async fill(exceptBytes = 0) {
      await rm(filler, { force: true })
      const free = Number(execFileSync('df', ['--output=avail', '-B1', path], { encoding: 'utf8' }).split('\n')[1])
      await writeFile(filler, Buffer.alloc(Math.max(0, free - exceptBytes)))
    },
    free: () => rm(filler, { force: true }),
    async [Symbol.asyncDispose]() {
      execFileSync('umount', ['--lazy', path])
      await rm(path, { recursive: true, force: true })
    },
  }
}

function mounts(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
