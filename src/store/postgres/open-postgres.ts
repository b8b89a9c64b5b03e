import { setTimeout as pause } from 'node:timers/promises'
import { Kysely, PostgresDialect } from 'kysely'
import {
  apiPoolConnections,
  apiQueryTimeoutMs,
  databaseCallTimeoutMs,
  goodbyeTimeoutMs,
  queuePoolConnections,
  queueQueryTimeoutMs,
} from '../../model/database-limits.ts'
import type { DatabaseConnection } from '../database.ts'
import type { OnIncident } from '../incidents.ts'
import type { Schema } from '../schema-types.ts'
import { createTransactions } from '../transactions.ts'
import { Contacts } from './contacts.ts'
import { NotificationListener } from './listener.ts'
import { createPool, limitedPool, type Pool, runOnPool } from './pool.ts'

export interface PostgresOptions {
  readonly url: string
  readonly callTimeoutMs?: number
  readonly onIncident?: OnIncident
}

/**
 * Connects to a PostgreSQL server. Two pools, so that neither the queue nor the requests can take all connections from the other:
 * `executeSql` and `beginTransaction` belong to the queue, everything else to the requests and use cases.
 */
export async function openPostgres(options: PostgresOptions): Promise<DatabaseConnection> {
  const { url, callTimeoutMs = databaseCallTimeoutMs, onIncident = () => {} } = options
  const contacts = new Contacts()
  const api = createPool(url, apiPoolConnections, contacts, onIncident)
  const queue = createPool(url, queuePoolConnections, contacts, onIncident)
  const listener = new NotificationListener(url, { onIncident, onSilence: (since) => contacts.loseThoseSilentSince(since) })
  for (const { connections } of [api, queue]) connections.on('connect', () => listener.serverAnswers())
  const close = async () => {
    await listener.close()
    const ended = Promise.all([api.connections.end(), queue.connections.end()])
    await Promise.race([ended, pause(goodbyeTimeoutMs)])
    // Nobody waits for these statements any more, least of all for the one that will not end.
    contacts.loseThoseSilentSince(performance.now())
    await ended
  }
  const ping = async () => {
    await runOnPool(api, 'select 1', [], Math.min(apiQueryTimeoutMs, callTimeoutMs))
  }
  try {
    await ping()
  } catch (error) {
    await close()
    throw error
  }
  const statementMs = Math.min(queueQueryTimeoutMs, callTimeoutMs)
  const kyselyOn = (pool: Pool, ms: number, forBytes = false) =>
    new Kysely<Schema>({ dialect: new PostgresDialect({ pool: limitedPool(pool, ms, forBytes ? 'binary' : 'text') }) })
  const apiMs = Math.min(apiQueryTimeoutMs, callTimeoutMs)
  // A connection that is lost without a sign shows by a statement that does not end, and nobody should wait for it longer than need be.
  const transactionsOn = (pool: Pool) =>
    createTransactions((ms, forBytes) => kyselyOn(pool, ms === callTimeoutMs ? statementMs : ms, forBytes), callTimeoutMs)
  return {
    engine: 'postgres',
    kysely: kyselyOn(api, apiMs),
    forBytes: kyselyOn(api, apiMs, true),
    statement: transactionsOn(api).statement,
    transaction: transactionsOn(api).transaction,
    beginTransaction: transactionsOn(queue).beginTransaction,
    executeSql: (text, values = []) => runOnPool(queue, text, values, statementMs),
    listen: (channel, onNotify, onReconnect = () => {}) => listener.listen(channel, { onNotify, onReconnect }),
    ping,
    async assertDiskSpace() {},
    async recordSchema() {},
    [Symbol.asyncDispose]: close,
  }
}
