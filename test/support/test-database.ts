import { createHash } from 'node:crypto'
import { cpSync, existsSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openQueue } from '../../src/queue/open-queue.ts'
import { type DatabaseConnection, type DatabaseOptions, openDatabase } from '../../src/store/database.ts'
import { migrate } from '../../src/store/migrate.ts'
import { createDatabaseAt, startPostgresServer } from './postgres-server.ts'

/** Every suite that uses a database runs on both. */
export const engines = ['pglite', 'postgres'] as const
export type EngineName = (typeof engines)[number]

/** Where new databases come from: the server's maintenance database, and the database to copy for a prepared one. */
export interface DatabaseSource {
  readonly url: string
  readonly template: string
}

let source: Promise<DatabaseSource> | null = null

/** A new database on the PostgreSQL server that all test files share (`shared-servers.ts`), or a program's own where there is none. */
export async function createDatabase(content: DatabaseContent = 'prepared'): Promise<string> {
  source ??= askForShared<DatabaseSource>('/postgres') ?? startPostgresServer().then(({ url }) => ({ url, template: 'template0' }))
  const { url, template } = await source
  return createDatabaseAt(url, content === 'prepared' ? template : 'template0')
}

/** What `shared-servers.ts` has started under this name. `null` in a program that no test runner started. */
export function askForShared<Shared>(name: string): Promise<Shared> | null {
  const desk = process.env.ASSAY_TEST_SERVERS
  if (desk === undefined) return null
  return fetch(desk + name).then(async (answer) => {
    if (!answer.ok) throw new Error(`The shared server ${name} did not start: ${await answer.text()}`)
    return (await answer.json()) as Shared
  })
}

/** Brings a new database to where a server has been started with it, but never been given anything. */
export async function prepareDatabase(database: DatabaseConnection): Promise<void> {
  await migrate(database)
  const queue = await openQueue(database, { onTrouble: () => {} })
  await queue[Symbol.asyncDispose]()
}

/** Opens a new database, with the tables of `src/store/migrations` unless `migrated` is false. Disposing of it removes it. */
export async function openTestDatabase(
  engine: EngineName,
  { migrated = true, callTimeoutMs }: { migrated?: boolean; callTimeoutMs?: number } = {},
): Promise<DatabaseConnection> {
  const limits = callTimeoutMs === undefined ? {} : { callTimeoutMs }
  if (engine === 'postgres') {
    const url = await createDatabase(migrated ? 'prepared' : 'empty')
    return prepare(await openDatabase({ url, ...limits }), migrated)
  }
  const directory = await createDataDirectory(migrated ? 'prepared' : 'empty')
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

/** A data directory that is removed when it is disposed of. */
export interface DataDirectory extends AsyncDisposable {
  readonly path: string
}

/** `empty`: a database without any table of ours. `prepared`: one that a server has been started with, but never been given anything. */
type DatabaseContent = 'empty' | 'prepared'

/** A data directory of its own, copied from a template: creating one takes four seconds of CPU time, copying it a tenth of one. */
export async function createDataDirectory(content: DatabaseContent = 'prepared'): Promise<DataDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'assay-data-'))
  await copyDataDirectory(path, content)
  return { path, [Symbol.asyncDispose]: async () => rmSync(path, { recursive: true, force: true }) }
}

/** To where a server looks for it. */
export async function copyDataDirectory(path: string, content: DatabaseContent = 'prepared'): Promise<void> {
  const template = (await askForShared<{ readonly path: string }>(`/data-directory/${content}`)) ?? (await findTemplate(content))
  // In one piece: 1,300 files one by one take ten times the CPU time.
  cpSync(template.path, path, { recursive: true })
}

/** Kept from run to run, for as long as what it was made of stays the same. */
export async function findTemplate(content: DatabaseContent): Promise<{ readonly path: string }> {
  const cache = new URL('../../node_modules/.cache/assay/', import.meta.url).pathname
  const path = join(cache, `${content}-${await fingerprint()}`)
  return { path: existsSync(path) ? path : await createTemplate(content, cache, path) }
}

/** Of the lockfile (the engine, the queue) and the migrations. */
async function fingerprint(): Promise<string> {
  const root = new URL('../../', import.meta.url).pathname
  const migrations = (await readdir(join(root, 'src/store/migrations'))).sort().map((name) => join('src/store/migrations', name))
  const hash = createHash('sha256')
  for (const file of ['package-lock.json', ...migrations]) hash.update(await readFile(join(root, file)))
  return hash.digest('hex').slice(0, 16)
}

async function createTemplate(content: DatabaseContent, cache: string, path: string): Promise<string> {
  await mkdir(cache, { recursive: true })
  const unfinished = await mkdtemp(join(cache, 'unfinished-'))
  const database = await openDatabase({ dataDirectory: unfinished, disk: noDiskLimits })
  if (content === 'prepared') await prepareDatabase(database)
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
