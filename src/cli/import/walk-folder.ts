import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { whyUnreadable } from './why-unreadable.ts'

/** A file to import. `relative` is its path below the folder, with slashes. */
export interface FoundFile {
  readonly relative: string
  readonly absolute: string
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
 * never to a folder, which could lead round in a circle. Throws if the folder itself cannot be read. Waits for the disk: promises would
 * take several times as long for it.
 */
export function walkFolder(folder: string): FolderContents {
  const root = realpathSync.native(folder)
  const contents: FolderContents = { files: [], skipped: [], unreadable: [] }
  const waiting = ['']
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    const entries = listFolder(root, below, contents.unreadable)
    const folders: string[] = []
    for (const entry of entries) {
      const relative = below === '' ? entry.name : `${below}/${entry.name}`
      if (isPassedOver(entry.name)) contents.skipped.push({ relative, reason: 'hidden or temporary' })
      else if (entry.isDirectory()) folders.push(relative)
      else addFile(root, relative, entry, contents)
    }
    waiting.push(...folders.reverse())
  }
  return contents
}

/** Whether a name is passed over by rule. */
function isPassedOver(name: string): boolean {
  return /^[.~]|~$|\.tmp$|^desktop\.ini$|^thumbs\.db$/i.test(name)
}

function listFolder(root: string, below: string, unreadable: LeftOut[]): Dirent[] {
  try {
    const entries = readdirSync(join(root, below), { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    if (below === '') throw error
    unreadable.push({ relative: below, reason: whyUnreadable(error) })
    return []
  }
}

function addFile(root: string, relative: string, entry: Dirent, contents: FolderContents): void {
  const absolute = root + sep + (sep === '/' ? relative : relative.replaceAll('/', sep))
  // The replacement character may stand for bytes that are no UTF-8, and then there is no file of this name.
  if (entry.isSymbolicLink() || entry.name.includes('\ufffd')) addChecked(root, { relative, absolute }, contents)
  else if (entry.isFile()) contents.files.push({ relative, absolute })
  else contents.skipped.push({ relative, reason: 'no ordinary file' })
}

function addChecked(root: string, file: FoundFile, contents: FolderContents): void {
  const { relative, absolute } = file
  try {
    const stats = statSync(absolute)
    if (!realpathSync.native(absolute).startsWith(root + sep)) {
      contents.skipped.push({ relative, reason: 'a link that leads out of the folder' })
    } else if (stats.isFile()) contents.files.push(file)
    else contents.skipped.push({ relative, reason: stats.isDirectory() ? 'a link to a folder' : 'no ordinary file' })
  } catch (error) {
    contents.unreadable.push({ relative, reason: whyUnreadable(error, 'it leads nowhere') })
  }
}
