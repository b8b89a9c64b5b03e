import { mkdirSync, readFileSync, statfsSync, truncateSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ownerOnly } from '../../model/limits.ts'
import { DatabaseRefusedError } from '../database-errors.ts'

/** SQLite's result codes (https://sqlite.org/rescode.html). */
const sqliteBusy = 5
const sqliteNotADatabase = 26

/** statfs(2) of Linux: f_type of NFS and SMB. */
const networkFileSystems = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42])

/**
 * Takes a data directory for this process alone, and gives the function that gives it back. PGlite does not notice a second opener:
 * of 600 rows acknowledged to two of them 415 were left.
 *
 * The lock is the kernel's (fcntl, taken through SQLite), so a process that dies leaves none behind, and one that is only stopped
 * keeps it. Like every fcntl lock it would be lost if this process opened and closed `assay.lock` by other means.
 *
 * Throws DatabaseRefusedError that names the holder, or says that the file system's locks cannot be trusted.
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: ownerOnly })
  if (isNetworkFileSystem(statfsSync(directory).type)) {
    throw new DatabaseRefusedError(
      `The data directory ${directory} is on a network file system, whose locks and syncs cannot be trusted. Use a local disk, or a PostgreSQL server.`,
    )
  }
  const path = join(directory, 'assay.lock')
  const holderPath = join(directory, 'assay.lock.json')
  const release = openExclusively(path) ?? refuse(directory, holderPath)
  writeFileSync(holderPath, `${JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() })}\n`)
  return release
}

/** Gives whether a file system type of statfs(2) is NFS or SMB; known on Linux only. */
export function isNetworkFileSystem(type: number): boolean {
  return process.platform === 'linux' && networkFileSystems.has(type >>> 0)
}

/** Gives null if another process, or this one, holds the lock. */
function openExclusively(path: string): (() => void) | null {
  const database = new DatabaseSync(path)
  try {
    database.exec('pragma locking_mode = exclusive; begin exclusive')
    return () => database.close()
  } catch (error) {
    database.close()
    const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined
    if (code === sqliteBusy) return null
    if (code !== sqliteNotADatabase) throw error
    // Nobody holds it, or it would be busy: the file is damaged, and it has no content to lose.
    truncateSync(path)
    return openExclusively(path)
  }
}

function refuse(directory: string, holderPath: string): never {
  throw new DatabaseRefusedError(
    `The data directory ${directory} is in use by ${describeHolder(holderPath)}. Stop that process, or choose another directory.`,
  )
}

function describeHolder(holderPath: string): string {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(holderPath, 'utf8')) as { pid: number; host: string; since: string }
    return `process ${pid} on ${host} (since ${since})`
  } catch {
    return 'another process'
  }
}
