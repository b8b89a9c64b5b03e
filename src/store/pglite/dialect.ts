import {
  AbortedTransactionError,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PGliteAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import type { EngineHost } from './engine-host.ts'
import type { EngineThread } from './engine-thread.ts'

/** The one connection serves as many as are asked for, in turns: Kysely must not queue callers as well. */
class SharedConnectionAdapter extends PGliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

/** Kysely over the database thread. Each statement, and each transaction as a whole, has to end within `timeoutMs`. */
export function createPgliteDialect(host: EngineHost, timeoutMs: number): Dialect {
  return {
    createAdapter: () => new SharedConnectionAdapter(),
    createDriver: () => new PgliteDriver(host, timeoutMs),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

const countingCommands = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])
let lastTransaction = 0

/** What one caller holds: outside a transaction merely a way to the thread, inside one the number of the transaction. */
class PgliteConnection implements DatabaseConnection {
  readonly #host: EngineHost
  readonly #timeoutMs: number
  #transaction: { readonly thread: EngineThread; readonly number: number } | null = null
  /** A statement that comes after the end of its transaction must not run outside of it. */
  #over = false

  constructor(host: EngineHost, timeoutMs: number) {
    this.#host = host
    this.#timeoutMs = timeoutMs
  }

  async begin(isolation: string): Promise<void> {
    const thread = await this.#host.thread(this.#timeoutMs)
    const number = ++lastTransaction
    await thread.call({ kind: 'begin', transaction: number, isolation, timeoutMs: this.#timeoutMs }, this.#timeoutMs)
    this.#transaction = { thread, number }
  }

  async commit(): Promise<void> {
    this.#over = true
    const { thread, number } = this.#transaction!
    const { command } = await thread.call({ kind: 'commit', transaction: number }, this.#timeoutMs)
    this.#transaction = null
    if (command === 'ROLLBACK') throw new AbortedTransactionError()
  }

  /** Never rejects: if the thread is gone, so is the transaction. */
  async rollback(): Promise<void> {
    this.#over = true
    if (!this.#transaction) return
    const { thread, number } = this.#transaction
    this.#transaction = null
    await thread.call({ kind: 'rollback', transaction: number }, this.#timeoutMs).catch(Boolean)
  }

  async executeQuery<R>({ sql: text, parameters: values }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#over) throw new Error('A statement was sent after the end of its transaction.')
    const thread = this.#transaction?.thread ?? (await this.#host.thread(this.#timeoutMs))
    const work = { kind: 'run', text, values, transaction: this.#transaction?.number ?? null } as const
    const { command, affectedRows, rows } = await thread.call(work, this.#timeoutMs)
    const counted = countingCommands.has(command) ? { numAffectedRows: BigInt(affectedRows) } : {}
    return { ...counted, rows: rows as R[] }
  }

  // biome-ignore lint/correctness/useYield: the interface wants a generator
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('The embedded database gives a result as a whole: read it in pages.')
  }
}

class PgliteDriver implements Driver {
  readonly #host: EngineHost
  readonly #timeoutMs: number

  constructor(host: EngineHost, timeoutMs: number) {
    this.#host = host
    this.#timeoutMs = timeoutMs
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PgliteConnection> {
    return new PgliteConnection(this.#host, this.#timeoutMs)
  }

  beginTransaction(connection: PgliteConnection, { isolationLevel = 'read committed' }: TransactionSettings): Promise<void> {
    return connection.begin(isolationLevel)
  }

  commitTransaction(connection: PgliteConnection): Promise<void> {
    return connection.commit()
  }

  rollbackTransaction(connection: PgliteConnection): Promise<void> {
    return connection.rollback()
  }

  async releaseConnection(connection: PgliteConnection): Promise<void> {
    await connection.rollback()
  }

  async destroy(): Promise<void> {}
}
