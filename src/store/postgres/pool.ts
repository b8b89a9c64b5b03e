import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { connectionTimeoutMs, idleConnectionTimeoutMs, idleTransactionMs, queueQueryTimeoutMs } from '../../model/database-limits.ts'
import type { OnIncident } from '../incidents.ts'
import { binaryColumnParsers, columnParsers } from './column-parsers.ts'
import { translateError } from './connection-errors.ts'
import type { Contacts } from './contacts.ts'
import { PromptClient } from './prompt-client.ts'

/** Connections, and when they were heard of last. */
export interface Pool {
  readonly connections: pg.Pool
  readonly contacts: Contacts
}

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
export function createPool(url: string, max: number, contacts: Contacts, onIncident: OnIncident): Pool {
  const onConnect = async (client: pg.ClientBase) => {
    await prepareSession(client)
    // A session that the pool has not ended by then is one that it has lost. PostgreSQL 14 and later.
    await setWhereKnown(client, ['idle_session_timeout', String(2 * idleConnectionTimeoutMs)])
    contacts.answered(client)
  }
  const pool = new pg.Pool({ ...connectionConfig(url), Client: PromptClient, max, idleTimeoutMillis: idleConnectionTimeoutMs, onConnect })
  pool.on('remove', (client) => contacts.forget(client))
  // An idle connection that breaks is taken out of the pool by itself; without a listener the event would end the process.
  pool.on('error', (error) => onIncident(new Error('An idle connection to PostgreSQL broke.', { cause: error })))
  return { connections: pool, contacts }
}

/**
 * Settings of a session. The time limits are for the server's side of a connection that is lost without a sign: there the session would hold
 * its locks, on rows and on jobs, for as long as the server believes in its client, which by default is two hours.
 */
export async function prepareSession(client: pg.ClientBase): Promise<void> {
  await set(client, ['TimeZone', 'UTC'], ['idle_in_transaction_session_timeout', String(idleTransactionMs)], ...keepAlive)
  // Ends a statement whose client is gone. PostgreSQL 14 and later; relatives do not all know it.
  await setWhereKnown(client, ['client_connection_check_interval', '5s'])
}

type SessionSetting = readonly [name: string, value: string]

/** In seconds; the server's own probes, where it is reached over TCP. */
const keepAlive: readonly SessionSetting[] = [
  ['tcp_keepalives_idle', '10'],
  ['tcp_keepalives_interval', '5'],
  ['tcp_keepalives_count', '3'],
]

async function set(client: pg.ClientBase, ...settings: readonly SessionSetting[]): Promise<void> {
  const calls = settings.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, false)`)
  await client.query(`select ${calls.join(', ')}`, settings.flat())
}

/** A server that does not know or take the setting goes on without it. Rejects if the connection has broken. */
export async function setWhereKnown(client: pg.ClientBase, setting: SessionSetting): Promise<void> {
  try {
    await set(client, setting)
  } catch (error) {
    if (translateError(error) !== error) throw error
  }
}

/** How values of results are sent: as PostgreSQL's text, or in binary, of which `binaryColumnParsers` knows the types. */
type Format = 'text' | 'binary'

/** Without values `pg` would send a statement the simple way, in which all comes as text. */
const binary = { binary: true, queryMode: 'extended', types: binaryColumnParsers }

/**
 * The pool as Kysely sees it. `pg` by itself has no time limit for a statement (after a half-open connection one was never over), and
 * after a client-side one the connection is still busy: such a connection is closed instead of being handed to the next caller.
 */
export function limitedPool(pool: Pool, timeoutMs: number, format: Format): PostgresPool {
  return {
    async connect() {
      return new LimitedClient(await connect(pool), pool.contacts, timeoutMs, format) as unknown as PostgresPoolClient
    },
    // The pools are ended by who created them.
    async end() {},
  } as unknown as PostgresPool
}

/** Runs one statement with values, or several without, on a connection of the pool. Gives the rows of all. */
export async function runOnPool(pool: Pool, text: string, values: readonly unknown[], timeoutMs: number): Promise<{ rows: unknown[] }> {
  const client = new LimitedClient(await connect(pool), pool.contacts, timeoutMs, 'text')
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

async function connect({ connections, contacts }: Pool): Promise<pg.PoolClient> {
  try {
    for (;;) {
      const client = await connections.connect()
      if (!contacts.isLost(client)) return client
      client.release(true)
    }
  } catch (error) {
    throw translateError(error)
  }
}

const rolledBack: pg.QueryResult = { command: 'ROLLBACK', rowCount: null, rows: [], oid: 0, fields: [] }

/** One checked-out connection. After its release it refuses statements, which would run in somebody else's transaction. */
class LimitedClient {
  readonly #client: pg.PoolClient
  readonly #contacts: Contacts
  readonly #timeoutMs: number
  readonly #format: Format
  readonly #onError = () => {
    this.#broken = true
  }
  #broken = false
  #over = false
  #released = false

  constructor(client: pg.PoolClient, contacts: Contacts, timeoutMs: number, format: Format) {
    this.#client = client
    this.#contacts = contacts
    this.#timeoutMs = timeoutMs
    this.#format = format
    // The pool listens only while a connection is idle; a break in between would otherwise end the process.
    client.on('error', this.#onError)
  }

  get processID(): unknown {
    return 'processID' in this.#client ? this.#client.processID : undefined
  }

  async query(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    // The connection will be closed, and with it the transaction; a rollback would wait behind the statement that did not end.
    if (this.#broken && text === 'rollback') return rolledBack
    // While the end of a transaction is under way as well: what comes behind it would be done, and stay.
    if (this.#released || (this.#over && text !== 'rollback')) throw new Error('A statement was sent after the end of its transaction.')
    this.#over ||= text === 'commit' || text === 'rollback'
    try {
      const limited = { text, values: values.length === 0 ? undefined : [...values], query_timeout: this.#timeoutMs }
      const config = this.#format === 'binary' ? { ...limited, ...binary } : limited
      this.#contacts.asked(this.#client)
      const result = await this.#client.query(config as pg.QueryConfig)
      this.#contacts.answered(this.#client)
      return combine(result)
    } catch (error) {
      const translated = translateError(error)
      if (translated === error) this.#contacts.answered(this.#client)
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
