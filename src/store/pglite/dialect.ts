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
import type { RunResult, Statement } from './protocol.ts'

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
  /** Of a transaction that begins with its first statement. */
  #isolation: string | null = null
  #transaction: { readonly thread: EngineThread; readonly number: number; readonly begun: Promise<unknown> } | null = null
  /** A statement that comes after the end of its transaction must not run outside of it. */
  #over = false

  constructor(host: EngineHost, timeoutMs: number) {
    this.#host = host
    this.#timeoutMs = timeoutMs
  }

  begin(isolation: string): void {
    this.#isolation = isolation
  }

  async commit(): Promise<void> {
    this.#over = true
    if (!this.#transaction) return
    const { thread, number, begun } = this.#transaction
    await begun
    const { command } = await thread.call({ kind: 'commit', transaction: number }, this.#timeoutMs)
    this.#transaction = null
    if (command === 'ROLLBACK') throw new AbortedTransactionError()
  }

  /** Never rejects: if the thread is gone, so is the transaction. */
  async rollback(): Promise<void> {
    this.#over = true
    if (!this.#transaction) return
    const { thread, number, begun } = this.#transaction
    this.#transaction = null
    // What still waits for its turn cannot be rolled back: it would begin afterwards.
    await begun
    await thread.call({ kind: 'rollback', transaction: number }, this.#timeoutMs).catch(Boolean)
  }

  async executeQuery<R>({ sql: text, parameters: values }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#over) throw new Error('A statement was sent after the end of its transaction.')
    const { command, affectedRows, rows } = await this.#run({ kind: 'run', text, values })
    const counted = countingCommands.has(command) ? { numAffectedRows: BigInt(affectedRows) } : {}
    return { ...counted, rows: rows as R[] }
  }

  async #run(statement: Statement): Promise<RunResult> {
    const thread = this.#transaction?.thread ?? (await this.#host.thread(this.#timeoutMs))
    if (this.#isolation === null) return thread.call({ ...statement, transaction: null }, this.#timeoutMs)
    if (!this.#transaction) return this.#runFirst(thread, statement, this.#isolation)
    const { number, begun } = this.#transaction
    await begun
    return thread.call({ ...statement, transaction: number, begins: null }, this.#timeoutMs)
  }

  /** Others that were sent beside it wait for it: before it has its turn there is no transaction to be in. */
  #runFirst(thread: EngineThread, statement: Statement, isolation: string): Promise<RunResult> {
    const number = ++lastTransaction
    const begins = { isolation, timeoutMs: this.#timeoutMs }
    const result = thread.call({ ...statement, transaction: number, begins }, this.#timeoutMs)
    this.#transaction = { thread, number, begun: result.catch(Boolean) }
    return result
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

  async beginTransaction(connection: PgliteConnection, { isolationLevel = 'read committed' }: TransactionSettings): Promise<void> {
    connection.begin(isolationLevel)
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
