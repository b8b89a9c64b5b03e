import { setTimeout as delay } from 'node:timers/promises'
import {
  databaseCloseTimeoutMs,
  databaseOpenTimeoutMs,
  databaseReopenDelayMaxMs,
  databaseReopenDelayMs,
} from '../../model/database-limits.ts'
import { DatabaseUnavailableError } from '../database-errors.ts'
import type { OnIncident } from '../incidents.ts'
import { giveUpBallast, isDiskLow } from './disk-guard.ts'
import { EngineThread } from './engine-thread.ts'
import type { EngineSettings, RunResult, Work } from './protocol.ts'

interface Listener {
  readonly onNotify: (payload: string) => void
  readonly onReconnect: () => void
}

/**
 * Keeps an embedded database alive: when its thread ends, by a PANIC or by the watchdog, it is opened again. Work in flight was then
 * rejected; new work waits for the reopened database. Nothing that was committed is lost, as the data directory has it.
 */
export class EngineHost {
  readonly #settings: Omit<EngineSettings, 'running' | 'log'>
  readonly #onIncident: OnIncident
  readonly #listeners = new Map<string, Set<Listener>>()
  readonly #closing = new AbortController()
  #current: Promise<EngineThread>
  /** The same while it is open: each statement asks for it, and a timer for each that never fires would cost as much as sending it. */
  #open: EngineThread | null = null

  constructor(settings: Omit<EngineSettings, 'running' | 'log'>, onIncident: OnIncident) {
    this.#settings = settings
    this.#onIncident = onIncident
    this.#current = this.#start()
    this.#current.catch(Boolean)
  }

  /** Resolves when the database is open for the first time; rejects with what kept it from opening. */
  async opened(): Promise<void> {
    await this.#current
  }

  /** The open database, or the reopened one. Rejects with DatabaseUnavailableError if that takes longer than `timeoutMs`. */
  async thread(timeoutMs: number): Promise<EngineThread> {
    if (this.#open) return this.#open
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(new DatabaseUnavailableError('The embedded database is not open yet.')), timeoutMs)
    try {
      return await Promise.race([this.#current, late])
    } finally {
      clearTimeout(timer)
    }
  }

  /** Does work that belongs to no transaction. */
  async call(work: Work, timeoutMs: number): Promise<RunResult> {
    return (await this.thread(timeoutMs)).call(work, timeoutMs)
  }

  /** Hears what is notified on a channel until the returned function is called; goes on after a reopening. */
  async listen(channel: string, listener: Listener, timeoutMs: number): Promise<() => Promise<void>> {
    const listeners = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, listeners.add(listener))
    const stop = async () => {
      if (!listeners.delete(listener) || listeners.size > 0) return
      this.#listeners.delete(channel)
      // Nobody hears it any more, whether the database still sends it or not.
      await this.call(listenOn(channel, 'unlisten'), timeoutMs).catch(Boolean)
    }
    try {
      await this.call(listenOn(channel, 'listen'), timeoutMs)
    } catch (error) {
      await stop()
      throw error
    }
    return stop
  }

  /** Ends the database after the work that was sent before. */
  async close(): Promise<void> {
    this.#closing.abort()
    const thread = await this.#current.catch(() => null)
    this.#open = null
    this.#current = Promise.reject(new DatabaseUnavailableError('The embedded database is closed.'))
    this.#current.catch(Boolean)
    await thread?.call({ kind: 'close' }, databaseCloseTimeoutMs).catch(Boolean)
    await thread?.terminate(new Error('The embedded database was closed.'))
  }

  async #start(): Promise<EngineThread> {
    let open = false
    const thread: EngineThread = new EngineThread(this.#settings, {
      onNotification: (channel, payload) => {
        for (const listener of this.#listeners.get(channel) ?? []) listener.onNotify(payload)
      },
      onIncident: this.#onIncident,
      onDeath: (reason) => {
        if (!open || this.#closing.signal.aborted) return
        this.#open = null
        this.#onIncident(new Error('The embedded database stopped and is opened again.', { cause: reason }))
        this.#current = this.#reopen(thread)
        this.#current.catch(Boolean)
      },
    })
    const late = setTimeout(() => thread.terminate(new Error('It did not open in time.')), databaseOpenTimeoutMs)
    try {
      await thread.opened()
      await this.#listenAgain(thread)
    } catch (error) {
      await thread.terminate(new Error('It did not open.'))
      throw error
    } finally {
      clearTimeout(late)
    }
    open = true
    this.#open = thread
    return thread
  }

  async #reopen(dead: EngineThread): Promise<EngineThread> {
    await dead.terminate(new Error('It is being reopened.'))
    for (let wait = databaseReopenDelayMs; !this.#closing.signal.aborted; wait = Math.min(wait * 2, databaseReopenDelayMaxMs)) {
      try {
        const { directory, disk } = this.#settings
        if (isDiskLow(directory, disk, disk.ballastBytes)) giveUpBallast(directory)
        const thread = await this.#start()
        for (const listeners of this.#listeners.values()) for (const { onReconnect } of listeners) onReconnect()
        return thread
      } catch (error) {
        this.#onIncident(new Error('The embedded database did not open; it is tried again.', { cause: error }))
        // The disk may still be full, or the recovery may have run into it: only trying again helps.
        await delay(wait, undefined, { signal: this.#closing.signal }).catch(Boolean)
      }
    }
    throw new DatabaseUnavailableError('The embedded database is closed.')
  }

  async #listenAgain(thread: EngineThread): Promise<void> {
    for (const channel of this.#listeners.keys()) await thread.call(listenOn(channel, 'listen'), databaseOpenTimeoutMs)
  }
}

function listenOn(channel: string, command: 'listen' | 'unlisten'): Work {
  return { kind: 'run', text: `${command} "${channel.replaceAll('"', '""')}"`, values: [], transaction: null }
}
