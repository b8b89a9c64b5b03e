import { readdir } from 'node:fs/promises'
import { extname } from 'node:path'
import { type Kysely, sql, type Transaction } from 'kysely'
import { migrationTimeoutMs } from '../model/database-limits.ts'
import type { DatabaseConnection } from './database.ts'
import { DatabaseRefusedError } from './database-errors.ts'
import type { Schema } from './schema-types.ts'

/** What a file in `migrations/` exports: one step forward. There is no way back; a mistake is repaired by the next step. */
interface Migration {
  // biome-ignore lint/suspicious/noExplicitAny: a migration works on the schema of its time, not on today's
  up(db: Kysely<any>): Promise<void>
}

const folder = new URL('./migrations/', import.meta.url)

/** Any number, but always the same: two processes that start at once migrate one after the other. */
const advisoryLockKey = 4_072_025_118

/** Names of this program's migrations, in their order: `0001-…`, `0002-…`. */
export async function listMigrations(): Promise<string[]> {
  const extension = extname(import.meta.url)
  const files = await readdir(folder)
  const names = files
    .filter((file) => file.endsWith(extension) && !file.endsWith(`.d${extension}`))
    .map((file) => file.slice(0, -extension.length))
  return names.sort()
}

/**
 * Brings the schema up to date, each migration in a transaction of its own, so that a crash leaves whole steps. Gives the names of the
 * migrations it applied. Safe to call from several processes at once.
 *
 * Throws DatabaseRefusedError if the database has a migration that this program does not know.
 */
export async function migrate(database: DatabaseConnection): Promise<string[]> {
  const names = await listMigrations()
  const applied: string[] = []
  for (;;) {
    const next = await database.transaction((trx) => applyNext(trx, names), { timeoutMs: migrationTimeoutMs })
    if (next === null) break
    applied.push(next)
  }
  const last = names.at(-1)
  if (last !== undefined) await database.recordSchema(last)
  return applied
}

async function applyNext(trx: Transaction<Schema>, names: readonly string[]): Promise<string | null> {
  await sql`select pg_advisory_xact_lock(${sql.lit(advisoryLockKey)})`.execute(trx)
  await sql`create schema if not exists assay`.execute(trx)
  await sql`create table if not exists assay.schema_migration (name text primary key, applied_at timestamptz not null default now())`.execute(
    trx,
  )
  const { rows } = await sql<{ name: string }>`select name from assay.schema_migration`.execute(trx)
  const done = new Set(rows.map(({ name }) => name))
  const unknown = [...done].filter((name) => !names.includes(name))
  if (unknown.length > 0) {
    throw new DatabaseRefusedError(
      `The database has migrations that this program does not know (${unknown.join(', ')}): it was written by a newer one. Use that program, or a later one.`,
    )
  }
  const next = names.find((name) => !done.has(name))
  if (next === undefined) return null
  const { up }: Migration = await import(new URL(`${next}${extname(import.meta.url)}`, folder).href)
  await up(trx)
  await sql`insert into assay.schema_migration (name) values (${next})`.execute(trx)
  return next
}
