import { assetTimeoutMs, threadHeapMiB } from '../model/limits.ts'
import type { Excerpter } from '../processing/ports.ts'
import { ownEntry } from './own-entry.ts'
import { ThreadEndedError } from './thread-ended.ts'
import { ThreadPool } from './thread-pool.ts'

/**
 * A thread that cuts excerpts for those who look at problems, apart from the threads that read: nobody waits for an import to end. It is
 * started when it is needed first, and again after a content has ended it.
 */
export function openExcerpter(options: { readonly onOutput: (line: string) => void }): Excerpter & AsyncDisposable {
  const pool = new ThreadPool(1, { entry: ownEntry, heapMiB: threadHeapMiB, assetTimeoutMs, ...options })
  return {
    async cut(memory, type, places) {
      try {
        return await pool.run(() => ({ kind: 'excerpt', memory, type, places }) as const)
      } catch (error) {
        if (!(error instanceof ThreadEndedError)) throw error
        return places.map(() => null)
      }
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  }
}
