import { assetTimeoutMs } from '../model/limits.ts'
import { threadHeapMiB } from '../model/thread-limits.ts'
import type { Explainer } from '../processing/ports.ts'
import type { ResultOf, ThreadTask } from './messages.ts'
import { ownEntry } from './own-entry.ts'
import { packResolutions, unpackResolutions } from './pack-resolutions.ts'
import { ThreadEndedError } from './thread-ended.ts'
import { ThreadPool } from './thread-pool.ts'
import { unresolved } from './unresolved.ts'

/**
 * A thread for those who look at assets, apart from the threads that read: nobody waits for an import to end. It is started when it is
 * needed first, and again after a content has ended it.
 */
export function openExplainer(options: { readonly onOutput: (line: string) => void }): Explainer & AsyncDisposable {
  const pool = new ThreadPool(1, { entry: ownEntry, heapMiB: threadHeapMiB, assetTimeoutMs, ...options })

  async function runOrElse<Task extends ThreadTask>(task: Task, otherwise: () => ResultOf<Task>): Promise<ResultOf<Task>> {
    try {
      return await pool.run(() => task)
    } catch (error) {
      if (error instanceof ThreadEndedError) return otherwise()
      throw error
    }
  }

  return {
    cut: (memory, type, places) => runOrElse({ kind: 'excerpt', memory, type, places }, () => places.map(() => null)),
    resolve: async (orders, targets) =>
      unpackResolutions(await runOrElse({ kind: 'resolve', orders, targets }, () => packResolutions(orders.map(unresolved)))),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  }
}
