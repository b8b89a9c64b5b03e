import { type Kysely, sql } from 'kysely'
import { type StatusJobStatus, statusJobStatuses } from '../model/status-job-status.ts'
import type { DatabaseConnection } from './database.ts'
import type { Schema } from './schema-types.ts'

const channel = 'assay_status_job'
/** A notification can be lost with its connection; a waiter looks by itself this often. */
const lookAgainMs = 1000

/** Tells the waiters of all nodes, when the transaction commits, that the job's status has changed. */
export async function notifyStatusJob(db: Kysely<Schema>, id: string): Promise<void> {
  await sql`select pg_notify(${channel}, ${id})`.execute(db)
}

/** Waits for status jobs on behalf of requests that asked to be held (`Prefer: wait`). */
export interface StatusJobWaiter extends AsyncDisposable {
  /** Resolves when the job's status is not `known` any more, after `waitMs`, or when `signal` fires. Rejects only if the database fails. */
  wait(id: string, known: StatusJobStatus, waitMs: number, signal: AbortSignal): Promise<void>
}

/** One LISTEN for all waiters of the process. */
export async function openStatusJobWaiter(database: DatabaseConnection): Promise<StatusJobWaiter> {
  const waiters = new Map<string, Set<() => void>>()
  const wake = (id: string) => {
    for (const look of waiters.get(id) ?? []) look()
  }
  const stopListening = await database.listen(channel, wake, () => {
    for (const id of waiters.keys()) wake(id)
  })

  return {
    async wait(id, known, waitMs, signal) {
      const deadline = performance.now() + waitMs
      while (!signal.aborted) {
        // Listen first, then look: a change between the two is not missed.
        const changed = nextWake(waiters, id, Math.min(deadline - performance.now(), lookAgainMs), signal)
        if ((await readStatus(database, id)) !== known || performance.now() >= deadline) {
          changed.cancel()
          return
        }
        await changed.promise
      }
    },
    async [Symbol.asyncDispose]() {
      await stopListening()
      for (const id of waiters.keys()) wake(id)
    },
  }
}

function nextWake(waiters: Map<string, Set<() => void>>, id: string, ms: number, signal: AbortSignal) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, Math.max(ms, 0))
  const looks = waiters.get(id) ?? new Set()
  looks.add(resolve)
  waiters.set(id, looks)
  const wakeUp = () => resolve()
  signal.addEventListener('abort', wakeUp)
  const cancel = () => {
    clearTimeout(timer)
    signal.removeEventListener('abort', wakeUp)
    looks.delete(resolve)
    if (looks.size === 0 && waiters.get(id) === looks) waiters.delete(id)
  }
  void promise.then(cancel)
  return { promise, cancel }
}

async function readStatus(database: DatabaseConnection, id: string): Promise<StatusJobStatus | null> {
  const row = await database.kysely.selectFrom('assay.status_job').select('status').where('id', '=', id).executeTakeFirst()
  return row ? statusJobStatuses[row.status]! : null
}
