import { constants, existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DatabaseConnection, type DatabaseOptions, openDatabase } from '../../src/store/database.ts'
import { migrate } from '../../src/store/migrate.ts'
import { type PostgresServer, startPostgresServer } from './postgres-server.ts'

/** Every suite that uses a database runs on both. */
export const engines = ['pglite', 'postgres'] as const
export type EngineName = (typeof engines)[number]

let server: Promise<PostgresServer> | null = null

/** The one server of this test process; each test has a database of its own on it. */
export function sharedPostgresServer(): Promise<PostgresServer> {
  server ??= startPostgresServer()
  return server
}

/** Opens a new database, with the tables of `src/store/migrations` unless `migrated` is false. Disposing of it removes it. */
export async function openTestDatabase(
  engine: EngineName,
  { migrated = true, callTimeoutMs }: { migrated?: boolean; callTimeoutMs?: number } = {},
): Promise<DatabaseConnection> {
  const limits = callTimeoutMs === undefined ? {} : { callTimeoutMs }
  if (engine === 'postgres') {
    const url = await (await sharedPostgresServer()).createDatabase()
    return prepare(await openDatabase({ url, ...limits }), migrated)
  }
  const directory = await createDataDirectory()
  const database = await openDatabase({ dataDirectory: directory.path, ...limits, disk: noDiskLimits })
  return prepare(
    withCleanUp(database, () => directory[Symbol.asyncDispose]()),
    migrated,
  )
}

/** For tests of other things than the disk: they must not depend on how full the machine is, nor write ballast. */
export const noDiskLimits: NonNullable<Extract<DatabaseOptions, { dataDirectory: string }>['disk']> = {
  minFreeBytes: 0,
  minFreeFraction: 0,
  ballastBytes: 0,
}

export interface DataDirectory extends AsyncDisposable {
  readonly path: string
}

/** A data directory with an empty embedded database, copied from a template: creating one takes four seconds, copying it a tenth of one. */
export async function createDataDirectory(): Promise<DataDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'assay-data-'))
  await cp(await template(), path, { recursive: true, mode: constants.COPYFILE_FICLONE })
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

async function template(): Promise<string> {
  const cache = new URL('../../node_modules/.cache/assay/', import.meta.url).pathname
  const { version } = JSON.parse(
    await readFile(new URL('../../node_modules/@electric-sql/pglite/package.json', import.meta.url), 'utf8'),
  ) as { version: string }
  const path = join(cache, `pglite-${version}`)
  return existsSync(path) ? path : createTemplate(cache, path)
}

async function createTemplate(cache: string, path: string): Promise<string> {
  await mkdir(cache, { recursive: true })
  const unfinished = await mkdtemp(join(cache, 'unfinished-'))
  const database = await openDatabase({ dataDirectory: unfinished, disk: noDiskLimits })
  await database[Symbol.asyncDispose]()
  // Another test process may have been faster; then its template is as good.
  await rename(unfinished, path).catch(() => rm(unfinished, { recursive: true, force: true }))
  return path
}

async function prepare(database: DatabaseConnection, migrated: boolean): Promise<DatabaseConnection> {
  if (migrated) await migrate(database)
  return database
}

function withCleanUp(database: DatabaseConnection, cleanUp: () => PromiseLike<void>): DatabaseConnection {
  return {
    ...database,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]()
      await cleanUp()
    },
  }
}
