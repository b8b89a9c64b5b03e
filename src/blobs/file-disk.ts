import { mkdir, open, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FSDriver } from 'flydrive/drivers/fs'
import { ownerOnly } from '../model/limits.ts'
import type { Disk } from './disk.ts'

/**
 * Blobs as files below `root`. Reading and removing are flydrive's; placing is not: its driver never flushes, and it moves by copying,
 * so that a power cut or a full disk could leave a name with half a content. Here a finished, flushed file is renamed into place and
 * the folders on its way are flushed, so that the name survives as well. The spool must be on the same file system as `root`.
 */
export function openFileDisk(root: string): Disk {
  const driver = new FSDriver({ location: root, visibility: 'private' })
  /** Folders whose way from the root is known to be durable. Someone else may have created one and not flushed its parent yet. */
  const durableFolders = new Set([root])

  async function makeFolderDurable(folder: string): Promise<void> {
    if (durableFolders.has(folder)) return
    const parent = dirname(folder)
    await makeFolderDurable(parent)
    await mkdir(folder, { recursive: true, mode: ownerOnly })
    await syncFolder(parent)
    durableFolders.add(folder)
  }

  return {
    driver,
    async readPart(path, offset, length) {
      await using handle = await open(join(root, path), 'r')
      const bytes = Buffer.allocUnsafeSlow(length)
      let read = 0
      while (read < length) {
        const { bytesRead } = await handle.read(bytes, read, length - read, offset + read)
        if (bytesRead === 0) break
        read += bytesRead
      }
      return bytes.subarray(0, read)
    },
    async place(file, path) {
      const target = join(root, path)
      await makeFolderDurable(dirname(target))
      await rename(file, target)
      await syncFolder(dirname(target))
    },
  }
}

/** Windows cannot open a folder to flush it; NTFS journals names by itself. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  await using handle = await open(folder, 'r')
  await handle.sync()
}
