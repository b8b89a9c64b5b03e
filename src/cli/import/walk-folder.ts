import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** A file to import. `relative` is its path below the folder, with slashes. */
export interface FoundFile {
  readonly relative: string
  readonly absolute: string
  readonly size: number
}

/** What lies in a folder: files to import, what is passed over by rule, and what cannot be read, each with its reason. */
export interface FolderContents {
  readonly files: FoundFile[]
  readonly skipped: LeftOut[]
  readonly unreadable: LeftOut[]
}

/** Something that is not imported, and why. */
export interface LeftOut {
  readonly relative: string
  readonly reason: string
}

/**
 * Lists a folder and all below it, in the order of names. Passed over, as Adobe's upload clients do: names that begin with `.` or `~` or end
 * with `~` or `.tmp`, `desktop.ini` and `Thumbs.db`. A symbolic link is followed only to a file inside the folder: never out of it, and
 * never to a folder, which could lead round in a circle. Rejects if the folder itself cannot be read.
 */
export async function walkFolder(folder: string): Promise<FolderContents> {
  const root = await realpath(folder)
  const contents: FolderContents = { files: [], skipped: [], unreadable: [] }
  const waiting = ['']
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    const entries = await listFolder(root, below, contents.unreadable)
    const folders: string[] = []
    for (const entry of entries) {
      const relative = below === '' ? entry.name : `${below}/${entry.name}`
      if (isPassedOver(entry.name)) contents.skipped.push({ relative, reason: 'hidden or temporary' })
      else if (entry.isDirectory()) folders.push(relative)
      else await addFile(root, relative, entry, contents)
    }
    waiting.push(...folders.reverse())
  }
  return contents
}

/** Whether a name is passed over by rule. */
function isPassedOver(name: string): boolean {
  return /^[.~]|~$|\.tmp$|^desktop\.ini$|^thumbs\.db$/i.test(name)
}

async function listFolder(root: string, below: string, unreadable: LeftOut[]): Promise<Dirent[]> {
  try {
    const entries = await readdir(join(root, below), { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    if (below === '') throw error
    unreadable.push({ relative: below, reason: reasonOf(error) })
    return []
  }
}

async function addFile(root: string, relative: string, entry: Dirent, contents: FolderContents) {
  const absolute = join(root, relative)
  try {
    if (entry.isSymbolicLink() && !(await realpath(absolute)).startsWith(root + sep)) {
      contents.skipped.push({ relative, reason: 'a link that leads out of the folder' })
      return
    }
    const { size, isFile } = await stat(absolute).then((stats) => ({ size: stats.size, isFile: stats.isFile() }))
    if (isFile) contents.files.push({ relative, absolute, size })
    else contents.skipped.push({ relative, reason: entry.isSymbolicLink() ? 'a link to a folder' : 'no ordinary file' })
  } catch (error) {
    contents.unreadable.push({ relative, reason: reasonOf(error) })
  }
}

/** A name with bytes that are no UTF-8 comes out of Node with replacement characters, and then there is no such file. */
function reasonOf(error: unknown): string {
  const { code, message, path } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' && path?.includes('\ufffd')) return 'its name is not valid UTF-8'
  if (code === 'ENOENT') return 'it leads nowhere'
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it'
  return message
}
