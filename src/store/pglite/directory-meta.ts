import { existsSync, readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseRefusedError } from '../database-errors.ts'

/** Who wrote a data directory, in `assay-meta.json`. */
interface DirectoryMeta {
  readonly engine: 'pglite'
  /** PostgreSQL's major version: another one cannot read the files. */
  readonly postgres: number
  /** The last migration applied, null before the first. */
  readonly schema: string | null
}

/** PostgreSQL 18 is what PGlite 0.5 is built from. */
const postgresMajor = 18

/**
 * Checks before the database is opened that this program can read the directory. `knownMigrations` are the names of this program's
 * migrations. Throws DatabaseRefusedError otherwise.
 */
export function checkDirectory(directory: string, knownMigrations: readonly string[]): void {
  const path = metaPath(directory)
  if (!existsSync(path)) return
  const meta = readMeta(path)
  if (meta.engine !== 'pglite' || meta.postgres !== postgresMajor) {
    throw new DatabaseRefusedError(
      `The data directory ${directory} was written by ${meta.engine} with PostgreSQL ${meta.postgres}; this program has pglite with PostgreSQL ${postgresMajor}. Export it with the program that wrote it and import it here.`,
    )
  }
  if (meta.schema !== null && !knownMigrations.includes(meta.schema)) {
    throw new DatabaseRefusedError(
      `The data directory ${directory} has the schema ${meta.schema}, which is newer than this program. Use the program that wrote it, or a later one.`,
    )
  }
}

/** Notes which schema the directory has. Atomic and synced. */
export async function writeMeta(directory: string, schema: string | null): Promise<void> {
  const meta: DirectoryMeta = { engine: 'pglite', postgres: postgresMajor, schema }
  const path = metaPath(directory)
  {
    await using file = await open(`${path}.new`, 'w')
    await file.writeFile(`${JSON.stringify(meta)}\n`)
    await file.sync()
  }
  await rename(`${path}.new`, path)
  await using folder = await open(directory, 'r')
  await folder.sync()
}

/** Gives whether the directory has been written by an earlier run. */
export function hasMeta(directory: string): boolean {
  return existsSync(metaPath(directory))
}

function readMeta(path: string): DirectoryMeta {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as DirectoryMeta
  } catch (error) {
    throw new DatabaseRefusedError(`${path} cannot be read. Restore it from a backup.`, { cause: error })
  }
}

function metaPath(directory: string): string {
  return join(directory, 'assay-meta.json')
}
