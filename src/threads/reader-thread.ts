import { createInterface } from 'node:readline'
import { Worker } from 'node:worker_threads'
import { threadHeapReserveFactor, threadStartTimeoutMs, threadWatchMs, threadYoungHeapMiB } from '../model/thread-limits.ts'
import { miB } from '../model/units.ts'
import { Breadcrumb, nowhere } from './breadcrumb.ts'
import { codeCacheVariable } from './code-cache.ts'
import type { FromThread, ThreadTask } from './messages.ts'
import { type EndCause, ThreadEndedError } from './thread-ended.ts'

/** What a thread runs, and what it may take. */
export interface ThreadOptions {
  readonly entry: URL
  /** Heap and buffers that a thread may have while it works. */
  readonly heapMiB: number
  /** For one asset. */
  readonly assetTimeoutMs: number
  /** A line that something in the thread wrote to its standard output or error. */
  readonly onOutput: (line: string) => void
}

interface RunningTask {
  resolve(result: unknown): void
  reject(error: unknown): void
}

/** One thread, and what became of it. Does one task at a time; once ended it is of no use. */
export class ReaderThread {
  readonly #worker: Worker
  readonly #options: ThreadOptions
  readonly #breadcrumb = new Breadcrumb()
  readonly #started = Promise.withResolvers<void>()
  #task: RunningTask | null = null
  #watch: NodeJS.Timeout | null = null
  #isHeapAsked = false
  #isSpent = false
  #ended: ThreadEndedError | null = null

  constructor(options: ThreadOptions) {
    this.#options = options
    this.#worker = new Worker(options.entry, {
      workerData: this.#breadcrumb.memory,
      // Content is hostile until proven otherwise: nothing of ours is in reach of the code that reads it.
      env: codeCacheVariable(),
      argv: [],
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: options.heapMiB * threadHeapReserveFactor, maxYoungGenerationSizeMb: threadYoungHeapMiB },
    })
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) createInterface({ input: stream }).on('line', options.onOutput)
    this.#worker.on('message', (message: FromThread) => this.#hear(message))
    this.#worker.on('error', (error: NodeJS.ErrnoException) => {
      const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      this.#end(outOfMemory ? 'memory' : 'crash', outOfMemory ? null : detailOf(error))
    })
    this.#worker.on('messageerror', (error) => this.#end('crash', detailOf(error)))
    this.#worker.on('exit', (code) => this.#end('crash', `its thread ended with code ${code}`))
  }

  /** Resolves when the thread has loaded its code. Rejects, and ends the thread, if it does not. */
  async start(): Promise<void> {
    const timer = setTimeout(() => this.#end('timeout', 'it did not start'), threadStartTimeoutMs)
    await this.#started.promise.finally(() => clearTimeout(timer))
  }

  get isAlive(): boolean {
    return this.#ended === null
  }

  get isFree(): boolean {
    return this.isAlive && this.#task === null
  }

  /** Its heap has grown so large that another thread is cheaper: V8 gives hardly any of it back (of 241 MB, with 69 in use, 43). */
  get isSpent(): boolean {
    return this.#isSpent
  }

  /** Rejects with {@link ThreadEndedError} if the thread ends before the task does, and with another error if the task fails by our fault. */
  run(task: ThreadTask): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended)
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#task = { resolve, reject }
    this.#breadcrumb.step(nowhere)
    this.#startWatch()
    this.#worker.postMessage(task)
    return promise
  }

  async close(): Promise<void> {
    this.#end('closed', null)
    await this.#worker.terminate()
  }

  #hear(message: FromThread): void {
    switch (message.kind) {
      case 'ready':
        this.#started.resolve()
        break
      case 'done':
        this.#isSpent = message.isSpent
        this.#finishTask()?.resolve(message.result)
        break
      case 'failed':
        this.#finishTask()?.reject(new Error(message.message))
        break
      default:
        message satisfies never
    }
  }

  #finishTask(): RunningTask | null {
    const task = this.#task
    this.#task = null
    if (this.#watch) clearInterval(this.#watch)
    return task
  }

  /**
   * Time counts only as far as this thread saw it pass: after a halt of the whole process (a frozen container, a suspended laptop) the
   * thread has not had its time either.
   */
  #startWatch(): void {
    let steps = this.#breadcrumb.steps
    let last = performance.now()
    let spentMs = 0
    this.#watch = setInterval(() => {
      const now = performance.now()
      spentMs = steps === this.#breadcrumb.steps ? spentMs + Math.min(now - last, 2 * threadWatchMs) : 0
      steps = this.#breadcrumb.steps
      last = now
      if (spentMs >= this.#options.assetTimeoutMs) this.#end('timeout', null)
      else void this.#checkHeap()
    }, threadWatchMs)
  }

  /**
   * V8's own limit is no protection: where a heap reaches it while young objects are promoted, or by one large allocation, it aborts the
   * process (seen with a growing Map, and with many arrays). Nor does it count buffers.
   */
  async #checkHeap(): Promise<void> {
    if (this.#isHeapAsked) return
    this.#isHeapAsked = true
    // Rejects if the thread ends meanwhile.
    const heap = await this.#worker.getHeapStatistics().catch(() => null)
    this.#isHeapAsked = false
    if (heap && this.#task && heap.used_heap_size + heap.external_memory > this.#options.heapMiB * miB) this.#end('memory', null)
  }

  #end(reason: EndCause, detail: string | null): void {
    if (this.#ended) return
    const index = this.#breadcrumb.index
    this.#ended = new ThreadEndedError(reason, index === nowhere ? null : index, detail)
    this.#started.promise.catch(Boolean)
    this.#started.reject(this.#ended)
    this.#finishTask()?.reject(this.#ended)
    // Also after a crash: an error in one callback leaves the thread itself alive. A loop is broken off within milliseconds.
    void this.#worker.terminate()
  }
}

function detailOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
