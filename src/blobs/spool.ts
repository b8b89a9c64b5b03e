import { createHash, randomUUID } from 'node:crypto'
import { access, mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { orphanGraceMs, ownerOnly } from '../model/limits.ts'
import { ContentTooLargeError } from '../processing/content-ports.ts'

/** A content that was written to a temporary file and is durable there. The key is its SHA-256 in lower-case hex. */
export interface SpooledContent {
  readonly file: string
  readonly key: string
  readonly size: number
  readonly sha256: Uint8Array
}

/** The temporary folder of a blob store: contents grow here, out of sight, until they are complete. */
export interface Spool {
  /**
   * Writes the content to a new file while hashing it, and flushes it to the disk. The file belongs to the caller. If the content is
   * longer than `limitBytes` ({@link ContentTooLargeError}), or ends with an error, the file is removed.
   */
  fill(content: AsyncIterable<Uint8Array>, limitBytes: number): Promise<SpooledContent>
  /** `false`: the folder is gone, and with it what lies beside it. A volume that is not mounted at the moment looks like that. */
  isThere(): Promise<boolean>
}

const host = hostname().replace(/[^A-Za-z0-9-]/g, '-')

/** Opens the folder (created if missing) and removes what processes that are no more have left in it. */
export async function openSpool(folder: string): Promise<Spool> {
  await mkdir(folder, { recursive: true, mode: ownerOnly })
  await removeLeftovers(folder)
  return {
    isThere: () =>
      access(folder).then(
        () => true,
        () => false,
      ),
    async fill(content, limitBytes) {
      const file = join(folder, `${host}.${process.pid}.${randomUUID()}`)
      try {
        return { file, ...(await writeHashed(file, content, limitBytes)) }
      } catch (error) {
        await rm(file, { force: true })
        throw error
      }
    },
  }
}

async function writeHashed(file: string, content: AsyncIterable<Uint8Array>, limitBytes: number): Promise<Omit<SpooledContent, 'file'>> {
  const hash = createHash('sha256')
  let size = 0
  await using handle = await open(file, 'wx', 0o600)
  for await (const chunk of content) {
    size += chunk.length
    if (size > limitBytes) throw new ContentTooLargeError(limitBytes)
    hash.update(chunk)
    await writeWhole(handle, chunk)
  }
  // Before the rename: a name must never stand for bytes that a power cut can take back.
  await handle.sync()
  const sha256 = hash.digest()
  return { key: sha256.toString('hex'), size, sha256 }
}

/** A write may be partial (a nearly full disk); the next one then says why. */
async function writeWhole(handle: Awaited<ReturnType<typeof open>>, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    written += (await handle.write(chunk, written)).bytesWritten
  }
}

/**
 * A file is a leftover if its process is gone. Of processes on other machines (a shared folder) nothing is known, so their files must
 * also be old. The own process id is that of an earlier process: this one has not written yet.
 */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name)
    const [owner, pid] = name.split('.')
    const left = owner === host ? Number(pid) === process.pid || !isRunning(Number(pid)) : await isOld(file)
    if (left) await rm(file, { force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function isOld(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null)
  return found !== null && Date.now() - found.mtimeMs > orphanGraceMs
}
