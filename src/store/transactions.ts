import { CompiledQuery, type Kysely, type Transaction } from 'kysely'
import { transactionTries } from '../model/database-limits.ts'
import type { DatabaseConnection, OpenTransaction, TransactionOptions } from './database.ts'
import { DatabaseUnavailableError } from './database-errors.ts'
import type { Schema } from './schema-types.ts'

/** Gives the query builder whose statements and transactions each end within that time; with `forBytes` the one that takes bytes as bytes. */
export type KyselyWithin = (timeoutMs: number, forBytes: boolean) => Kysely<Schema>

/** The ways to run a transaction, the same for both engines: everything that differs is in the engine's Kysely driver. */
export function createTransactions(
  createKysely: KyselyWithin,
  defaultTimeoutMs: number,
): Pick<DatabaseConnection, 'statement' | 'transaction' | 'beginTransaction'> {
  const made = { text: new Map<number, Kysely<Schema>>(), bytes: new Map<number, Kysely<Schema>>() }
  const kyselyWithin = (timeoutMs: number, forBytes: boolean) => {
    const known = forBytes ? made.bytes : made.text
    const kysely = known.get(timeoutMs) ?? createKysely(timeoutMs, forBytes)
    known.set(timeoutMs, kysely)
    return kysely
  }
  return {
    statement: (run) => repeatOnConflict(() => run(kyselyWithin(defaultTimeoutMs, false))),
    transaction(work, { snapshot = false, forBytes = false, timeoutMs = defaultTimeoutMs } = {}) {
      return repeatOnConflict(() =>
        kyselyWithin(timeoutMs, forBytes)
          .transaction()
          .setIsolationLevel(isolationLevel(snapshot))
          .execute((trx) => within(timeoutMs, work(trx))),
      )
    },
    async beginTransaction({
      snapshot = false,
      forBytes = false,
      timeoutMs = defaultTimeoutMs,
    }: TransactionOptions = {}): Promise<OpenTransaction> {
      const trx = await kyselyWithin(timeoutMs, forBytes).startTransaction().setIsolationLevel(isolationLevel(snapshot)).execute()
      const settled = () => trx.isCommitted || trx.isRolledBack
      const rollback = async () => {
        clearTimeout(deadline)
        // A rollback that cannot get through closes the connection instead, so there is nothing left to tell the caller.
        if (!settled()) await trx.rollback().execute().catch(Boolean)
      }
      const deadline = setTimeout(rollback, timeoutMs)
      return {
        kysely: trx as Transaction<Schema>,
        executeSql: async (text, values = []) => ({ rows: (await trx.executeQuery(CompiledQuery.raw(text, values))).rows }),
        async commit() {
          clearTimeout(deadline)
          try {
            await trx.commit().execute()
          } catch (error) {
            await rollback()
            throw error
          }
        },
        rollback,
      }
    },
  }
}

/** PostgreSQL's SQLSTATEs for a transaction that was rolled back because of others, and may succeed when it is done again. */
const conflicts: ReadonlySet<unknown> = new Set(['40001', '40P01'])

/** A deadlock ends one of those that wait for each other: by then the other goes on, and is waited for. */
async function repeatOnConflict<T>(transact: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transact()
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && conflicts.has(error.code))) throw error
      if (attempt < transactionTries) continue
      throw new DatabaseUnavailableError(`Other transactions were in the way ${attempt} times.`, { cause: error })
    }
  }
}

function isolationLevel(snapshot: boolean): 'repeatable read' | 'read committed' {
  return snapshot ? 'repeatable read' : 'read committed'
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new DatabaseUnavailableError(`The transaction was not finished in ${timeoutMs} ms.`)), timeoutMs)
  try {
    return await Promise.race([work, expired])
  } finally {
    clearTimeout(timer)
  }
}
