/** No asset is being worked on. */
export const nowhere = -1

/**
 * Where a thread is, in memory that outlives it: the index of the asset it is at, and how many steps it has made. A thread that hangs or
 * dies cannot say anything any more; this says which asset it was.
 */
export class Breadcrumb {
  readonly memory: SharedArrayBuffer
  readonly #numbers: Int32Array

  constructor(memory = new SharedArrayBuffer(8)) {
    this.memory = memory
    this.#numbers = new Int32Array(memory)
  }

  /** Written by the thread before it touches an asset, and with {@link nowhere} after the last. */
  step(index: number): void {
    Atomics.store(this.#numbers, 0, index)
    Atomics.add(this.#numbers, 1, 1)
  }

  get index(): number {
    return Atomics.load(this.#numbers, 0)
  }

  /** Differs from an earlier value if the thread has got on since. */
  get steps(): number {
    return Atomics.load(this.#numbers, 1)
  }
}
