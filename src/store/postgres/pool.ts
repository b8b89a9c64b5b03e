import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { connectionTimeoutMs, databaseCallTimeoutMs, idleConnectionTimeoutMs, queueQueryTimeoutMs } from '../../model/limits.ts'
import type { OnIncident } from '../incidents.ts'
import { columnParsers } from './column-parsers.ts'
import { translateError } from './connection-errors.ts'

export type Pool = pg.Pool

/** Settings of every connection to the server. */
export function connectionConfig(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'assay',
    // Without it, a peer that vanished (half-open TCP) is noticed after hours, or never.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: connectionTimeoutMs,
    // For statements that bring no limit of their own.
    query_timeout: queueQueryTimeoutMs,
    types: columnParsers as unknown as NonNullable<pg.ClientConfig['types']>,
  }
}

/** A pool of at most `max` connections. Nothing is connected before the first statement. */
export function createPool(url: string, max: number, onIncident: OnIncident): Pool {
  const pool = new pg.Pool({ ...connectionConfig(url), max, idleTimeoutMillis: idleConnectionTimeoutMs, onConnect: prepareSession })
  // An idle connection that breaks is taken out of the pool by itself; without a listener the event would end the process.
  pool.on('error', (error) => onIncident(new Error('An idle connection to PostgreSQL broke.', { cause: error })))
  return pool
}

async function prepareSession(client: pg.ClientBase): Promise<void> {
  await client.query(
    `select set_config('TimeZone', 'UTC', false), set_config('idle_in_transaction_session_timeout', '${2 * databaseCallTimeoutMs}', false)`,
  )
  // Ends a statement whose client is gone. PostgreSQL 14 and later; relatives do not all know it.
  await client.query(`set client_connection_check_interval = '5s'`).catch(Boolean)
}

/**
 * The pool as Kysely sees it. `pg` by itself has no time limit for a statement (after a half-open connection one was never over), and
 * after a client-side one the connection is still busy: such a connection is closed instead of being handed to the next caller.
 */
export function limitedPool(pool: Pool, timeoutMs: number): PostgresPool {
  return {
    async connect() {
      return new LimitedClient(await connect(pool), timeoutMs) as unknown as PostgresPoolClient
    },
    // The pools are ended by who created them.
    async end() {},
  } as unknown as PostgresPool
}

/** Runs one statement with values, or several without, on a connection of the pool. Gives the rows of all. */
export async function runOnPool(pool: Pool, text: string, values: readonly unknown[], timeoutMs: number): Promise<{ rows: unknown[] }> {
  const client = new LimitedClient(await connect(pool), timeoutMs)
  try {
    const { rows } = await client.query(text, values)
    client.release()
    return { rows }
  } catch (error) {
    // A script that failed between its own BEGIN and COMMIT would leave a transaction behind.
    client.release(values.length === 0)
    throw error
  }
}

async function connect(pool: Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw translateError(error)
  }
}

const rolledBack: pg.QueryResult = { command: 'ROLLBACK', rowCount: null, rows: [], oid: 0, fields: [] }

/** One checked-out connection. After its release it refuses statements, which would run in somebody else's transaction. */
class LimitedClient {
  readonly #client: pg.PoolClient
  readonly #timeoutMs: number
  readonly #onError = () => {
    this.#broken = true
  }
  #broken = false
  #released = false

  constructor(client: pg.PoolClient, timeoutMs: number) {
    this.#client = client
    this.#timeoutMs = timeoutMs
    // The pool listens only while a connection is idle; a break in between would otherwise end the process.
    client.on('error', this.#onError)
  }

  get processID(): unknown {
    return 'processID' in this.#client ? this.#client.processID : undefined
  }

  async query(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    // The connection will be closed, and with it the transaction; a rollback would wait behind the statement that did not end.
    if (this.#broken && text === 'rollback') return rolledBack
    if (this.#released) throw new Error('The connection was given back: a statement was sent after the end of its transaction.')
    try {
      const config = { text, values: values.length === 0 ? undefined : [...values], query_timeout: this.#timeoutMs }
      return combine(await this.#client.query(config as pg.QueryConfig))
    } catch (error) {
      const translated = translateError(error)
      if (translated !== error || text === 'rollback') this.#broken = true
      if (text === 'rollback') return rolledBack
      throw translated
    }
  }

  release(destroy = false): void {
    if (this.#released) return
    this.#released = true
    this.#client.removeListener('error', this.#onError)
    this.#client.release(destroy || this.#broken)
  }
}

function combine(result: pg.QueryResult | pg.QueryResult[]): pg.QueryResult {
  if (!Array.isArray(result)) return result
  return { ...result.at(-1)!, rows: result.flatMap(({ rows }) => rows) }
}
