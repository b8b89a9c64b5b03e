import type pg from 'pg'
import {
  jobLockConnectTimeoutMs,
  jobLockGraceMs,
  jobLockReconnectMs,
  jobLockSettleMs,
  jobLockSilenceMs,
  jobLockTimeoutMs,
} from '../model/queue-limits.ts'
import { DatabaseUnavailableError } from '../store/database-errors.ts'
import { translateError } from '../store/postgres/connection-errors.ts'
import { connectionConfig, prepareSession, setWhereKnown } from '../store/postgres/pool.ts'
import { PromptClient } from '../store/postgres/prompt-client.ts'
import type { Attempt } from './hand-back.ts'

type Held = Pick<Attempt, 'id' | 'retryCount'>

/** A job whose worker is dead. */
export interface Orphan extends Attempt {
  readonly queue: string
}

/**
 * Shows other processes which jobs are being worked on: each is locked with an advisory lock on one connection of this process. When
 * the process dies, the kernel closes the connection and PostgreSQL frees the locks, which is noticed within a quarter of a second
 * instead of a heartbeat's ten. Locks are shared and nobody takes them exclusively, so taking one never waits; who has one is read from
 * `pg_locks`.
 */
export interface JobLocks extends AsyncDisposable {
  /** Locks the jobs until the returned object is disposed of. While the connection is lost it waits for it, or for `signal`. */
  hold(jobs: readonly Held[], signal: AbortSignal): Promise<AsyncDisposable>
  /** Claimed jobs of those queues that nobody has locked: their workers are dead. Empty while that cannot be known. */
  findOrphans(queues: readonly string[]): Promise<Orphan[]>
}

/** On PGlite there is but one process, whose death ends all work; what it left is taken up at the next start. */
export const noLocks: JobLocks = {
  hold: async () => ({ [Symbol.asyncDispose]: async () => {} }),
  findOrphans: async () => [],
  [Symbol.asyncDispose]: async () => {},
}

/** Any number: the class of our advisory locks. */
const lockClass = 407_202

/** The attempt is part of the key: a frozen worker keeps the lock of a job that is another's by now. */
const lockKey = ({ id, retryCount }: Held) => `${id}:${retryCount}`

/** Those that were claimed in what is the future now count as well: the clock was set back. */
const orphansQuery = `
  select j.name as queue, j.id, j.retry_count as "retryCount", j.retry_limit as "retryLimit" from pgboss.job j cross join (select $2::int * interval '1 millisecond' as grace) g
  where j.name = any($1) and j.state = 'active' and j.started_on not between now() - g.grace and now() + g.grace
    and not exists (select from pg_locks l join pg_database d on d.oid = l.database
      where l.locktype = 'advisory' and d.datname = current_database() and l.classid = ${lockClass}
        and l.objid = (hashtext(j.id || ':' || j.retry_count)::bigint & 4294967295)::oid)`

/** Connects to the server. Rejects if that fails; a connection that is lost later is opened again. */
export async function openJobLocks(url: string): Promise<JobLocks> {
  const locks = new ConnectedLocks(url)
  await locks.connect()
  return locks
}

class ConnectedLocks implements JobLocks {
  readonly #url: string
  readonly #held = new Set<string>()
  #client: pg.Client | null = null
  #last: Promise<unknown> = Promise.resolve()
  #connectedAgain = Promise.withResolvers<void>()
  #reconnectTimer: NodeJS.Timeout | null = null
  #closed = false
  /** Until then other processes may be without their locks, as this one was. Nothing is lost if one is: its work is done once more. */
  #trustedAt = 0

  constructor(url: string) {
    this.#url = url
  }

  async connect(isAgain = false): Promise<void> {
    const client = new PromptClient({
      ...connectionConfig(this.#url),
      connectionTimeoutMillis: jobLockConnectTimeoutMs,
      query_timeout: jobLockTimeoutMs,
    })
    client.on('error', () => this.#lose(client))
    client.on('end', () => this.#lose(client))
    try {
      await client.connect()
      await prepareSession(client)
      // PostgreSQL 14 and later.
      await setWhereKnown(client, ['idle_session_timeout', String(jobLockSilenceMs)])
      await client.query(lockQuery('pg_advisory_lock_shared'), [[...this.#held]])
    } catch (error) {
      await client.end().catch(Boolean)
      throw error
    }
    if (this.#closed) return client.end()
    this.#client = client
    if (isAgain) this.#trustedAt = performance.now() + jobLockSettleMs
    this.#connectedAgain.resolve()
  }

  async hold(jobs: readonly Held[], signal: AbortSignal): Promise<AsyncDisposable> {
    const keys = jobs.map(lockKey)
    const client = await this.#connected(signal)
    for (const key of keys) this.#held.add(key)
    // If the connection is lost meanwhile, the next one locks all that is held.
    if (client) await this.#query(client, lockQuery('pg_advisory_lock_shared'), [keys]).catch(Boolean)
    return {
      [Symbol.asyncDispose]: async () => {
        for (const key of keys) this.#held.delete(key)
        const current = this.#client
        if (current) await this.#query(current, lockQuery('pg_advisory_unlock_shared'), [keys]).catch(Boolean)
      },
    }
  }

  async findOrphans(queues: readonly string[]): Promise<Orphan[]> {
    const client = this.#client
    if (!client || performance.now() < this.#trustedAt) return []
    try {
      return (await this.#query(client, orphansQuery, [queues, jobLockGraceMs])).rows
    } catch (error) {
      // The connection was lost in the middle of the question; the next one asks again.
      if (translateError(error) instanceof DatabaseUnavailableError) return []
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    if (this.#reconnectTimer) clearTimeout(this.#reconnectTimer)
    const client = this.#client
    this.#client = null
    this.#connectedAgain.resolve()
    await client?.end().catch(Boolean)
  }

  async #connected(signal: AbortSignal): Promise<pg.Client | null> {
    while (!this.#client && !this.#closed && !signal.aborted) {
      const { promise: aborted, resolve } = Promise.withResolvers<void>()
      signal.addEventListener('abort', () => resolve(), { once: true })
      await Promise.race([this.#connectedAgain.promise, aborted])
    }
    return this.#client
  }

  /** One after the other, as a connection answers. One that has failed to answer in time is in an unknown state, and given up. */
  #query(client: pg.Client, text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    const result = this.#last.then(() => client.query(text, [...values]))
    this.#last = result.catch(() => this.#lose(client))
    return result
  }

  #lose(client: pg.Client): void {
    if (this.#client !== client) return
    this.#client = null
    this.#connectedAgain = Promise.withResolvers()
    void client.end().catch(Boolean)
    this.#planReconnect()
  }

  #planReconnect(): void {
    if (this.#closed) return
    this.#reconnectTimer = setTimeout(() => void this.connect(true).catch(() => this.#planReconnect()), jobLockReconnectMs)
  }
}

function lockQuery(operation: 'pg_advisory_lock_shared' | 'pg_advisory_unlock_shared'): string {
  return `select ${operation}(${lockClass}, hashtext(key)) from unnest($1::text[]) as key`
}
