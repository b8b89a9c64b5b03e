import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { DatabaseError } from 'pg'
import { maintenanceTimeoutMs } from '../../model/database-limits.ts'
import { threadYoungHeapMiB } from '../../model/thread-limits.ts'
import { DatabaseUnavailableError, DiskFullError } from '../database-errors.ts'
import { giveBackMemory } from '../give-back-memory.ts'
import { type Answer, DurableAnswers } from './durable-answers.ts'
import { LogSync } from './log-sync.ts'
import { packParameters } from './parameters.ts'
import type { EngineResult, EngineSettings, FromEngine, Notification, RunResult, ToEngine, WireError, Work } from './protocol.ts'
import { columnOf } from './wire/columns.ts'
import { readRows } from './wire/read-rows.ts'

interface Call {
  readonly resolve: (result: RunResult) => void
  readonly reject: (error: Error) => void
  readonly timeoutMs: number
  /** When it was sent, and once it is done, when that was: it has as long again to become durable. */
  since: number
}

export interface EngineEvents {
  readonly onNotification: (channel: string, payload: string) => void
  readonly onIncident: (error: Error) => void
  /** The thread has ended without being asked to. Calls in flight were rejected. Called once. */
  readonly onDeath: (reason: Error) => void
}

const watchIntervalMs = 50

/** One life of the embedded database: its thread, the calls in flight, and the watchdog that ends it when a call runs too long. */
export class EngineThread {
  readonly #worker: Worker
  readonly #log = new LogSync()
  readonly #logWorker = this.#log.start()
  readonly #answers = new DurableAnswers(this.#log, (answer) => this.#give(answer))
  readonly #running = new Int32Array(new SharedArrayBuffer(4))
  readonly #calls = new Map<number, Call>()
  readonly #opened = Promise.withResolvers<void>()
  readonly #exited = Promise.withResolvers<void>()
  readonly #events: EngineEvents
  #lastId = 0
  #end: Error | null = null
  #watch: NodeJS.Timeout | null = null
  #lastLook = { id: 0, since: 0, at: 0 }

  constructor(settings: Omit<EngineSettings, 'running' | 'log'>, events: EngineEvents) {
    this.#events = events
    const entry = new URL(`./entry${extname(import.meta.url)}`, import.meta.url)
    const workerData: EngineSettings = { ...settings, running: this.#running.buffer as SharedArrayBuffer, log: this.#log.memory }
    const resourceLimits = { maxYoungGenerationSizeMb: threadYoungHeapMiB }
    this.#worker = new Worker(entry, { name: 'assay-pglite', workerData, resourceLimits })
    this.#logWorker.on('error', (error) => this.#die(new Error('Its log could not be synced.', { cause: error })))
    this.#worker.on('message', (message: FromEngine) => this.#receive(message))
    this.#worker.on('error', (error) => this.#die(error instanceof Error ? error : new Error(String(error))))
    this.#worker.on('exit', () => {
      this.#die(new Error('The thread of the embedded database ended.'))
      this.#exited.resolve()
    })
    this.#opened.promise.catch(Boolean)
  }

  /** Resolves when the database is open. Rejects with what kept it from opening. */
  opened(): Promise<void> {
    return this.#opened.promise
  }

  /** Does one piece of work. `timeoutMs` bounds the wait for a turn and then again the work itself. */
  call(work: Work, timeoutMs: number): Promise<RunResult> {
    if (this.#end) return Promise.reject(new DatabaseUnavailableError('The embedded database is being reopened.', { cause: this.#end }))
    const id = (this.#lastId = (this.#lastId + 1) & 0x3fffffff || 1)
    const { values, transfer } = packParameters(work.kind === 'run' ? work.values : [])
    const request: ToEngine = work.kind === 'run' ? { ...work, values, id } : { ...work, id }
    return new Promise((resolve, reject) => {
      this.#worker.postMessage(request, transfer)
      this.#calls.set(id, { resolve, reject, timeoutMs, since: performance.now() })
      this.#startWatch()
    })
  }

  /** Ends the thread at once, whatever it is doing, and resolves when it is gone. */
  async terminate(reason: Error): Promise<void> {
    this.#die(reason)
    await Promise.all([this.#worker.terminate(), this.#logWorker.terminate()])
    await this.#exited.promise
  }

  #receive(message: FromEngine): void {
    switch (message.kind) {
      case 'opened':
        this.#opened.resolve()
        break
      case 'done':
      case 'failed':
        this.#receiveAnswer(message)
        break
      case 'incident':
        this.#events.onIncident(fromWire(message.error))
        break
      case 'dead':
        this.#die(fromWire(message.error))
        break
      default:
        message satisfies never
    }
  }

  #receiveAnswer(answer: Answer): void {
    const call = this.#calls.get(answer.id)
    if (call) call.since = performance.now()
    this.#answers.take(answer)
  }

  #give(answer: Answer): void {
    this.#notify(answer.notifications)
    if (answer.kind === 'done') this.#deliver(answer.id, answer.result)
    else this.#settle(answer.id)?.reject(fromWire(answer.error))
  }

  #notify(notifications: readonly Notification[]): void {
    for (const { channel, payload } of notifications) this.#events.onNotification(channel, payload)
  }

  #deliver(id: number, result: EngineResult): void {
    const call = this.#settle(id)
    try {
      call?.resolve(toRunResult(result))
    } catch (error) {
      call?.reject(error as RangeError)
    }
  }

  #settle(id: number): Call | undefined {
    const call = this.#calls.get(id)
    this.#calls.delete(id)
    return call
  }

  #die(reason: Error): void {
    if (this.#end) return
    this.#end = reason
    this.#stopWatch()
    this.#opened.reject(reason)
    const error = new DatabaseUnavailableError(`The embedded database stopped: ${reason.message}`, { cause: reason })
    for (const call of this.#calls.values()) call.reject(error)
    this.#calls.clear()
    this.#events.onDeath(reason)
  }

  #startWatch(): void {
    if (this.#watch) return
    this.#lastLook = { id: 0, since: 0, at: performance.now() }
    this.#watch = setInterval(() => this.#look(), watchIntervalMs)
  }

  #stopWatch(): void {
    if (this.#watch) clearInterval(this.#watch)
    this.#watch = null
  }

  /** The watch ends here and not with the last call: the next one mostly comes soon. */
  #look(): void {
    if (this.#calls.size === 0) {
      this.#stopWatch()
      return
    }
    const now = performance.now()
    const id = Atomics.load(this.#running, 0)
    const last = this.#lastLook
    // After a pause of this thread answers may lie unread, and what looks overdue is not: judge at the next look.
    const paused = now - last.at > 10 * watchIntervalMs
    this.#lastLook = { id, since: id === last.id && !paused ? last.since : now, at: now }
    if (paused) return
    const limitMs = this.#calls.get(id)?.timeoutMs ?? maintenanceTimeoutMs
    if (id !== 0 && now - this.#lastLook.since > limitMs) {
      void this.terminate(new Error(`A statement was still running after ${limitMs} ms.`))
      return
    }
    for (const [waiting, call] of this.#calls) {
      if (waiting === id || now - call.since <= call.timeoutMs) continue
      this.#worker.postMessage({ kind: 'forget', id: waiting } satisfies ToEngine)
      this.#settle(waiting)?.reject(new DatabaseUnavailableError(`The embedded database was busy for ${call.timeoutMs} ms.`))
    }
  }
}

function toRunResult(result: EngineResult): RunResult {
  if (!('columns' in result)) return result
  const { command, affectedRows, rows, columns } = result
  const read = readRows(
    Buffer.from(rows.buffer, rows.byteOffset, rows.length),
    columns.map(([name, type]) => columnOf(name, type)),
  )
  giveBackMemory([rows])
  return { command, affectedRows, rows: read }
}

/** Gives the error of `pg`, so that both engines fail alike; 25006 and 53100 are how a full disk shows. */
function fromWire({ message, fields }: WireError): Error {
  if (fields.code === '25006' || fields.code === '53100') {
    return new DiskFullError('The disk that holds the data is nearly full, so nothing is written. Free some space.')
  }
  if (fields.code === undefined) return new Error(message)
  return Object.assign(new DatabaseError(message, message.length, 'error'), fields)
}
