import { existsSync } from 'node:fs'
import { chmod, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { ownerOnly } from '../../model/limits.ts'
import { columnTypes, parseBytes, parseInteger, parseTimestamp } from '../column-values.ts'
import { readClusterTemplate } from './cluster-template.ts'
import { DurableNodeFs } from './durable-node-fs.ts'
import type { LogSync } from './log-sync.ts'

/** An open PostgreSQL in this thread. */
export interface Cluster {
  readonly pg: PGlite
  /** Syncs of the log so far: it grows whenever something was committed. */
  syncs(): number
}

/**
 * fsync on (`-F` switches it off), and through fsync(2): fdatasync is an empty function in PGlite. 256 MB of WAL bound the recovery
 * after a crash to about two seconds.
 *
 * Prepared statements keep the plan of their first runs, when tables are small or empty and reading them whole is cheapest. A while later
 * they hold a million rows. Every statement is made for an index, so plans that read whole tables are taken only where there is no other.
 * And each is planned once: left to itself, PostgreSQL planned the statement that receives an asset anew at every run, for it expects ten rows of a
 * list that it does not know; that was 0.6 of its 1.8 ms, with 38 looks at the size of files.
 */
const startParams = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  '-c',
  'fsync=on',
  '-c',
  'wal_sync_method=fsync',
  '-c',
  'max_wal_size=256MB',
  '-c',
  'enable_seqscan=off',
  '-c',
  'plan_cache_mode=force_generic_plan',
]

/**
 * Opens the cluster under `<directory>/database`, creating it first if it is missing. Rejects if commits would not reach the disk.
 * `onPanic` is called, in the midst of a statement that will never end, when PostgreSQL gives itself up.
 */
export async function openCluster(directory: string, log: LogSync, onPanic: (message: string) => void): Promise<Cluster> {
  const root = join(directory, 'database')
  if (!existsSync(root)) await createCluster(directory, root, onPanic)
  // PGlite makes files that anybody may read and write, so nobody else may enter their folder.
  await chmod(root, ownerOnly)
  const fs = new DurableNodeFs(root)
  const pg = await PGlite.create({
    fs,
    startParams,
    onStderr: watchLog(onPanic),
    parsers: {
      [columnTypes.integer]: parseInteger,
      [columnTypes.timestamp]: parseTimestamp,
      [columnTypes.timestampWithZone]: parseTimestamp,
      [columnTypes.date]: (text) => text,
      [columnTypes.bytes]: parseBytes,
    },
  })
  fs.syncLogBeside(log)
  await assertDurable(pg, log)
  return { pg, syncs: () => log.last }
}

/** A line of the log is all that tells: after a PANIC (a full disk, a failed fsync) the statement gets no answer and spins. */
function watchLog(onPanic: (message: string) => void): (line: string) => boolean {
  return (line) => {
    if (/ (?:PANIC|FATAL): /.test(line)) onPanic(line)
    return false
  }
}

/** A transaction of one WAL record, without a table: its commit has to sync. */
async function assertDurable(pg: PGlite, log: LogSync): Promise<void> {
  const before = log.last
  await pg.exec(`select pg_logical_emit_message(true, 'assay', 'durable?')`)
  log.settle()
  if (log.last === before)
    throw new Error('A commit of the embedded database did not reach the disk: this version of PGlite cannot be trusted.')
}

/** Creates beside and renames, so that a crash in between leaves no half database under the final name. */
async function createCluster(directory: string, root: string, onPanic: (message: string) => void): Promise<void> {
  const unfinished = `${root}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: ownerOnly })
  const template = await readClusterTemplate()
  const content = template ? { loadDataDir: template } : {}
  const pg = await PGlite.create({ fs: new DurableNodeFs(unfinished), startParams, onStderr: watchLog(onPanic), ...content })
  await pg.close()
  await syncTree(unfinished)
  await rename(unfinished, root)
  await syncPath(directory)
}

/**
 * The files of a new cluster are unpacked without a sync, and nothing would sync the ones that never change. Side by side, because the file system
 * commits them in groups.
 */
async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  await Promise.all(entries.map((entry) => (entry.isDirectory() ? syncTree : syncPath)(join(folder, entry.name))))
  await syncPath(folder)
}

async function syncPath(path: string): Promise<void> {
  await using file = await open(path, 'r')
  await file.sync()
}
