import { fsyncSync } from 'node:fs'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'

/**
 * Words of the shared memory: the number of the last sync that was asked for, of the last that has ended, and the file that they are of.
 */
const asked = 0
const ended = 1
const file = 2

/**
 * Syncs of PostgreSQL's log in a thread that does nothing else, while the thread of the database goes on. What is asked for while one runs
 * is done by the next, all at once. Three threads know of it through shared memory: that of the database asks, a third one syncs, and the
 * main thread keeps answers back until what they may tell of is durable. Not a thread of libuv: uploads that are written to a slow disk
 * would keep all of those.
 *
 * A sync that fails never ends. Whoever waits for it waits until the database is ended, and nobody tries it again: the pages may be gone,
 * and the second try would succeed.
 */
export class LogSync {
  readonly memory: SharedArrayBuffer
  readonly #words: Int32Array

  constructor(memory = new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory
    this.#words = new Int32Array(memory)
  }

  /** Starts the thread that syncs. Its `error` event is that of a sync that failed. */
  start(): Worker {
    const entry = new URL(`./log-sync-entry${extname(import.meta.url)}`, import.meta.url)
    return new Worker(entry, { name: 'assay-log', workerData: this.memory })
  }

  /** What that thread does. */
  serve(): never {
    for (;;) {
      Atomics.wait(this.#words, asked, Atomics.load(this.#words, ended))
      const number = this.last
      fsyncSync(Atomics.load(this.#words, file))
      Atomics.store(this.#words, ended, number)
      Atomics.notify(this.#words, ended)
    }
  }

  /** The number of the last sync that was asked for. Once it has ended, all that is committed now is durable. */
  get last(): number {
    return Atomics.load(this.#words, asked)
  }

  /** Whether this is the descriptor of the file that was asked for last. */
  isOf(descriptor: number): boolean {
    return Atomics.load(this.#words, file) === descriptor
  }

  /** Asks for what is written to a file by now to be made durable. */
  ask(descriptor: number): void {
    if (!this.isOf(descriptor)) {
      this.settle()
      Atomics.store(this.#words, file, descriptor)
    }
    Atomics.add(this.#words, asked, 1)
    Atomics.notify(this.#words, asked)
  }

  /** Whether the sync with this number has ended. Numbers start again after the largest. */
  hasEnded(number = this.last): boolean {
    return ((Atomics.load(this.#words, ended) - number) | 0) >= 0
  }

  /** Holds this thread up until all that was asked for is durable. */
  settle(): void {
    for (let known = Atomics.load(this.#words, ended); !this.hasEnded(); known = Atomics.load(this.#words, ended))
      Atomics.wait(this.#words, ended, known)
  }

  /** Resolves when the sync with this number has ended. */
  async end(number: number): Promise<void> {
    for (let known = Atomics.load(this.#words, ended); !this.hasEnded(number); known = Atomics.load(this.#words, ended))
      await Atomics.waitAsync(this.#words, ended, known).value
  }
}
