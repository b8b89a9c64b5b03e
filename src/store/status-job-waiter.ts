import { type RawBuilder, sql } from 'kysely'
import type { StatusJobStatus } from '../model/status-job-status.ts'
import type { DatabaseConnection } from './database.ts'
import type { FoundStatusJob } from './queries/find-status-jobs.ts'

const channel = 'assay_status_job'
/** A notification can be lost with its connection; a waiter looks by itself this often. */
const lookAgainMs = 1000

/** For what changes the job's status to return: tells the waiters of all nodes when it is committed. */
export function notifyStatusJob(id: string): RawBuilder<unknown> {
  return sql`pg_notify(${channel}, ${id})`
}

/** Waits for status jobs on behalf of requests that asked to be held (`Prefer: wait`). */
export interface StatusJobWaiter extends AsyncDisposable {
  /**
   * Gives the job when its status is not `known` any more, after `waitMs`, or when `signal` fires; `null` if it is gone. Rejects only if the database
   * fails.
   */
  wait(id: string, known: StatusJobStatus, waitMs: number, signal: AbortSignal): Promise<FoundStatusJob | null>
}

/** One LISTEN for all waiters of the process, who look with `find`. */
export async function openStatusJobWaiter(
  database: Pick<DatabaseConnection, 'listen'>,
  find: (id: string) => Promise<FoundStatusJob | null>,
): Promise<StatusJobWaiter> {
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
      for (;;) {
        // Listen first, then look: a change between the two is not missed.
        const changed = nextWake(waiters, id, Math.min(deadline - performance.now(), lookAgainMs), signal)
        const job = await find(id)
        if (job?.status !== known || performance.now() >= deadline || signal.aborted) {
          changed.cancel()
          return job
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
