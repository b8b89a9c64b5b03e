import { apartIdleMs } from '../model/limits.ts'
import { ApartProcess } from './apart-process.ts'
import type { ThreadOptions } from './reader-thread.ts'

/** Starts no process before one is needed. One that is free is kept for `apartIdleMs`: after a death, batch follows upon batch. */
export class ApartProcesses implements Disposable {
  readonly #options: ThreadOptions
  readonly #all = new Set<ApartProcess>()
  readonly #free = new Map<ApartProcess, NodeJS.Timeout>()
  #closed = false

  constructor(options: ThreadOptions) {
    this.#options = options
  }

  /** One that is for the caller alone until it is given back. */
  async take(): Promise<ApartProcess> {
    if (this.#closed) throw new Error('The reader is closed.')
    for (const [idle, timer] of this.#free) {
      clearTimeout(timer)
      this.#free.delete(idle)
      if (idle.isAlive) return idle
      this.#all.delete(idle)
    }
    const apart = new ApartProcess(this.#options)
    this.#all.add(apart)
    // Not the error of the process, which would be taken for the fault of what was to be read.
    await apart.start().catch((error) => {
      this.#all.delete(apart)
      throw new Error(this.#closed ? 'The reader is closed.' : 'No process can be started.', { cause: error })
    })
    return apart
  }

  giveBack(apart: ApartProcess): void {
    if (apart.isAlive && !this.#closed)
      this.#free.set(
        apart,
        setTimeout(() => this.#end(apart), apartIdleMs),
      )
    else this.#end(apart)
  }

  [Symbol.dispose](): void {
    this.#closed = true
    for (const timer of this.#free.values()) clearTimeout(timer)
    for (const apart of this.#all) apart.kill()
  }

  #end(apart: ApartProcess): void {
    this.#free.delete(apart)
    this.#all.delete(apart)
    apart.kill()
  }
}
