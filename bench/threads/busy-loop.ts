import { Worker } from 'node:worker_threads'

/** Counts as fast as it can for the given ms, on no memory but its own registers. */
const loop = `
const { parentPort } = require('node:worker_threads')
parentPort.on('message', (ms) => {
  const until = performance.now() + ms
  let turns = 0
  while (performance.now() < until) for (let step = 0; step < 1000; step++) turns++
  parentPort.postMessage(turns)
})`

/** Threads that do nothing but count: what the machine gives to as many, whatever runs on it besides. */
export class BusyLoops implements AsyncDisposable {
  readonly #threads: readonly Worker[]

  constructor(threads: number) {
    this.#threads = Array.from({ length: threads }, () => new Worker(loop, { eval: true }))
  }

  /** Turns a millisecond of all threads together. */
  async run(ms: number): Promise<number> {
    const turns = this.#threads.map((thread) => {
      const answer = new Promise<number>((resolve) => thread.once('message', resolve))
      thread.postMessage(ms)
      return answer
    })
    return (await Promise.all(turns)).reduce((sum, count) => sum + count) / ms
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()))
  }
}
