import type { ResultOf, ThreadTask } from './messages.ts'
import { ReaderThread, type ThreadOptions } from './reader-thread.ts'

interface WaitingTask {
  makeTask(): ThreadTask
  resolve(result: unknown): void
  reject(error: unknown): void
}

/**
 * A number of threads that do tasks in the order of their arrival, urgent ones first. One that ended, or is spent, is replaced at once.
 *
 * Not piscina (5.3.2): it cannot tell a thread that did not start from a task that failed, replaces no thread any more after one has
 * failed to start, and lets what threads print through to our own standard output.
 */
export class ThreadPool implements AsyncDisposable {
  readonly #size: number
  readonly #options: ThreadOptions
  readonly #threads = new Set<ReaderThread>()
  readonly #waiting: WaitingTask[] = []
  #starting = 0
  #closed = false

  constructor(size: number, options: ThreadOptions) {
    this.#size = size
    this.#options = options
  }

  /** Resolves when all threads are up; rejects if one does not start. */
  async start(): Promise<void> {
    await Promise.all(Array.from({ length: this.#size }, () => this.#startThread()))
  }

  /**
   * Rejects with `ThreadEndedError` if the thread of this task ended, and with another error for a fault of ours. `makeTask` is called when a
   * thread is free for it: tasks that wait take no memory.
   */
  run<Task extends ThreadTask>(makeTask: () => Task, urgency: 'urgent' | 'in turn' = 'in turn'): Promise<ResultOf<Task>> {
    if (this.#closed) return Promise.reject(new Error('The reader is closed.'))
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const task = { makeTask, resolve, reject }
    if (urgency === 'urgent') this.#waiting.unshift(task)
    else this.#waiting.push(task)
    this.#assign()
    return promise as Promise<ResultOf<Task>>
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#rejectWaiting(new Error('The reader is closed.'))
    await Promise.all([...this.#threads].map((thread) => thread.close()))
  }

  #assign(): void {
    for (const thread of this.#threads) {
      if (thread.isFree && thread.isSpent) void thread.close()
      if (!thread.isAlive) this.#threads.delete(thread)
    }
    this.#replaceMissing()
    for (const thread of this.#threads) {
      const next = thread.isFree && this.#waiting.shift()
      if (next) {
        // A task that cannot be made, for want of memory say, must not keep its caller waiting for ever.
        void Promise.try(() => thread.run(next.makeTask()))
          .then(next.resolve, next.reject)
          .then(() => this.#assign())
      }
    }
  }

  /** A thread that cannot be started now is tried again with the next task: nothing spins meanwhile. */
  #replaceMissing(): void {
    while (!this.#closed && this.#threads.size + this.#starting < this.#size) {
      this.#startThread().then(
        () => this.#assign(),
        (error) => {
          // Not the thread's own error, which would be taken for the fault of what was to be read.
          if (this.#threads.size + this.#starting === 0) this.#rejectWaiting(new Error('No thread can be started.', { cause: error }))
        },
      )
    }
  }

  async #startThread(): Promise<void> {
    this.#starting++
    const thread = new ReaderThread(this.#options)
    try {
      await thread.start()
      if (this.#closed) await thread.close()
      else this.#threads.add(thread)
    } finally {
      this.#starting--
    }
  }

  #rejectWaiting(error: unknown): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }
}
