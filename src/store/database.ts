import type { Kysely, Transaction } from 'kysely'
import { openPglite, type PgliteOptions } from './pglite/open-pglite.ts'
import { openPostgres, type PostgresOptions } from './postgres/open-postgres.ts'
import type { Schema } from './schema-types.ts'

/** Rows of one statement; of several statements, their rows one after another. */
interface SqlResult {
  // biome-ignore lint/suspicious/noExplicitAny: the text is the caller's, and so is the shape of its rows
  rows: any[]
}

/** What a transaction sees, and how long it may take. */
export interface TransactionOptions {
  /** One consistent view for all statements (REPEATABLE READ). Otherwise READ COMMITTED. */
  readonly snapshot?: boolean
  /** Its columns as those of {@link DatabaseConnection.forBytes}. */
  readonly forBytes?: boolean
  /**
   * Time from the first to the last statement, in the embedded database with the wait for its turn; then the transaction is rolled back. Default
   * `databaseCallTimeoutMs`.
   */
  readonly timeoutMs?: number
}

/** A transaction that is settled from another call frame than the one that began it. */
export interface OpenTransaction {
  readonly kysely: Transaction<Schema>
  executeSql(text: string, values?: unknown[]): Promise<SqlResult>
  /** Rejects when the commit failed or the transaction was already settled. */
  commit(): Promise<void>
  /** Never rejects and may be called again. */
  rollback(): Promise<void>
}

/**
 * The database, embedded or on a server. The same query gives the same JavaScript types on both: int8 → number, timestamptz → Date,
 * bytea → Uint8Array, jsonb → parsed, numeric, date and uuid → string. A JSON parameter is passed as text (`JSON.stringify`): a bare
 * array would be a PostgreSQL array to one of the two.
 *
 * Every method rejects with `DatabaseUnavailableError` when the database does not answer in time and with `DiskFullError` when the disk
 * is nearly full. What is wrong with a statement arrives as the `DatabaseError` of `pg`.
 */
export interface DatabaseConnection extends AsyncDisposable {
  readonly engine: 'pglite' | 'postgres'
  readonly kysely: Kysely<Schema>
  /**
   * The same for queries that give contents: from a server `bytea` comes as bytes instead of their hex. For statements whose columns are
   * bytea, text, boolean, int4 or int8; another one is rejected.
   */
  readonly forBytes: Kysely<Schema>
  /**
   * Runs `work` in one transaction and commits what it did; rolls back if it throws. On PGlite nothing else runs between its first
   * statement and its end, so await nothing slow inside. Done again, `work` included, when a deadlock or another transaction was in the way; after
   * `transactionTries` it rejects with `DatabaseUnavailableError`.
   */
  transaction<T>(work: (trx: Transaction<Schema>) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** Runs one statement that locks rows, as a transaction of its own: begin and commit would each be a round trip. Done again likewise. */
  statement<T>(run: (db: Kysely<Schema>) => Promise<T>): Promise<T>
  /** Begins a transaction for callers that cannot wrap their work in one function (transactional queue workers). On PGlite it has its turn from its first statement on. */
  beginTransaction(options?: TransactionOptions): Promise<OpenTransaction>
  /** Text with values, or several statements without values. Meant for the queue. */
  executeSql(text: string, values?: unknown[]): Promise<SqlResult>
  /**
   * Listens on a channel until the returned function is called. After the connection was lost it listens again and calls `onReconnect`,
   * because notifications in between are gone.
   */
  listen(channel: string, onNotify: (payload: string) => void, onReconnect?: () => void): Promise<() => Promise<void>>
  /** Resolves when the database answers. */
  ping(): Promise<void>
  /** Rejects with `DiskFullError` if `expectedBytes` more would leave too little space. Always resolves for a server's disk. */
  assertDiskSpace(expectedBytes?: number): Promise<void>
  /** Told by `migrate` which migration is the last one applied, so that an older program refuses the data before it opens them. */
  recordSchema(migration: string): Promise<void>
}

/** Where the database lives; and for tests the limits that protect it. */
export type DatabaseOptions = PgliteOptions | PostgresOptions

/**
 * Opens the embedded database in a data directory (created if missing) or connects to a PostgreSQL server. The schema is not touched:
 * see `migrate`. Rejects with `DatabaseRefusedError` if the directory belongs to another process or another engine, and with
 * `DatabaseUnavailableError` if the server does not answer.
 */
export function openDatabase(options: DatabaseOptions): Promise<DatabaseConnection> {
  return 'url' in options ? openPostgres(options) : openPglite(options)
}
