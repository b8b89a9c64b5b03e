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
  run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'tmpfs', path])
  const filler = join(path, 'filler')
  return {
    path,
    async fill(exceptBytes = 0) {
      await rm(filler, { force: true })
      const free = Number(run('df', ['--output=avail', '-B1', path]).split('\n')[1])
      // Somebody else may take space at the same time: then there is none left, as was wanted.
      await writeFile(filler, Buffer.alloc(Math.max(0, free - exceptBytes))).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOSPC') throw error
      })
    },
    free: () => rm(filler, { force: true }),
    async [Symbol.asyncDispose]() {
      run('umount', ['--lazy', path])
      await rm(path, { recursive: true, force: true })
    },
  }
}

/** Gives what the program printed; throws if it failed. */
function run(program: string, parameters: readonly string[]): string {
  return execFileSync(program, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function mounts(): boolean {
  try {
    run('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'])
    return true
  } catch {
    return false
  }
}
