import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chmodSync, constants, mkdtempSync, statfsSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const memoryDisk = '/dev/shm'
/** What fifty databases and the largest uploads take at once is a tenth of it. */
const neededBytes = 8 * 2 ** 30

/**
 * A folder for everything that tests write, on a disk in memory where there is one: the copy of a data directory takes a third of the CPU time
 * there, and no test waits for the real disk, which others use. What tests prove of durability they prove by counting calls of fsync, by killing
 * processes, and by leaving out what was not synced, none of which asks more of a disk. Removed also when this process is killed.
 */
export function createTemporaryFolder(): AsyncDisposable & { readonly path: string } {
  const path = mkdtempSync(join(isRoomy(memoryDisk) ? memoryDisk : tmpdir(), 'assay-tests-'))
  // PostgreSQL runs as another user.
  chmodSync(path, 0o711)
  const watcher = removeAfterThisProcess(path)
  return {
    path,
    async [Symbol.asyncDispose]() {
      const removed = once(watcher, 'exit')
      watcher.ref()
      watcher.stdin!.end()
      await removed
    },
  }
}

function isRoomy(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize >= neededBytes
  } catch {
    return false
  }
}

/** A shell waits for the end of its input, which comes with the end of this process. */
function removeAfterThisProcess(path: string): ChildProcess {
  const watcher = spawn('sh', ['-c', 'cat >/dev/null; rm -rf "$1"', 'sh', path], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  watcher.unref()
  ;(watcher.stdin as Socket).unref()
  return watcher
}
