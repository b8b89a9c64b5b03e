import { type ChildProcess, fork } from 'node:child_process'
import { extname } from 'node:path'
import { createInterface } from 'node:readline'
import { threadStartTimeoutMs } from '../model/thread-limits.ts'
import type { AssetReading, ContentToRead } from '../processing/ports.ts'
import { codeCacheVariable } from './code-cache.ts'
import type { ThreadOptions } from './reader-thread.ts'

/** What the process is told first: with what its thread is to be opened. */
export interface ApartSettings {
  readonly entry: string
  readonly heapMiB: number
  readonly assetTimeoutMs: number
}

/** What it says. `failed`: our fault, not the content's; it goes on. */
export type FromApart = 'ready' | { readonly reading: AssetReading } | { readonly failed: string }

/** The process is no more. `message` says how it ended, as a part of a sentence; `isWanted`: we are closing. */
export class ProcessEndedError extends Error {
  override readonly name = 'ProcessEndedError'
  readonly isWanted: boolean
  constructor(how: string, isWanted: boolean) {
    super(how)
    this.isWanted = isWanted
  }
}

const program = new URL(`./apart${extname(import.meta.url)}`, import.meta.url)

/**
 * A process that reads one content at a time, in a thread with the usual limits. It is given the next one when it has answered: what ends it is
 * the content that it has. It takes 0.4 s to start and ends with its parent, however that ends.
 */
export class ApartProcess {
  readonly #child: ChildProcess
  readonly #timeoutMs: number
  #task = Promise.withResolvers<AssetReading | null>()
  #watch: NodeJS.Timeout | undefined
  #ended: ProcessEndedError | null = null

  constructor({ entry, onOutput, ...limits }: ThreadOptions) {
    const env = codeCacheVariable()
    const child = fork(program, [], { env, execArgv: [], serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    for (const stream of [child.stdout!, child.stderr!]) createInterface({ input: stream }).on('line', onOutput)
    child.on('message', (message) => this.#hear(message as FromApart))
    child.once('error', (error) => this.#end(error.message))
    child.once('exit', (code, signal) => this.#end(`the process that read nothing else ended with ${signal ?? `code ${code}`}`))
    this.#child = child
    // Its own thread is ended earlier: this is for a process that hangs as a whole.
    this.#timeoutMs = threadStartTimeoutMs + 2 * limits.assetTimeoutMs
    void this.#ask({ entry: entry.href, ...limits } satisfies ApartSettings).catch(Boolean)
  }

  /** Resolves when it is ready to read. Rejects with {@link ProcessEndedError} if it does not start. */
  async start(): Promise<void> {
    await this.#task.promise
  }

  get isAlive(): boolean {
    return this.#ended === null
  }

  /** Rejects with {@link ProcessEndedError} if the process ended, and with another error for a fault of ours. */
  async read(content: ContentToRead): Promise<AssetReading> {
    if (this.#ended) throw this.#ended
    this.#task = Promise.withResolvers()
    return (await this.#ask(content))!
  }

  kill(): void {
    this.#end('it is not needed any more', true)
  }

  #ask(message: ApartSettings | ContentToRead): Promise<AssetReading | null> {
    this.#watch = setTimeout(() => this.#end('the process that read nothing else hung'), this.#timeoutMs)
    this.#child.send(message, (error) => error && this.#end(error.message))
    return this.#task.promise
  }

  #hear(message: FromApart): void {
    clearTimeout(this.#watch)
    if (message === 'ready') this.#task.resolve(null)
    else if ('reading' in message) this.#task.resolve(message.reading)
    else this.#task.reject(new Error(message.failed))
  }

  #end(how: string, isWanted = false): void {
    if (this.#ended) return
    clearTimeout(this.#watch)
    this.#ended = new ProcessEndedError(how, isWanted)
    this.#task.promise.catch(Boolean)
    this.#task.reject(this.#ended)
    this.#child.kill('SIGKILL')
  }
}
