import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import {
  connectionSilenceMs,
  databaseReopenDelayMaxMs,
  databaseReopenDelayMs,
  listenHeartbeatMs,
  listenHeartbeatTimeoutMs,
} from '../../model/database-limits.ts'
import type { OnIncident } from '../incidents.ts'
import { translateError } from './connection-errors.ts'
import { connectionConfig } from './pool.ts'
import { PromptClient } from './prompt-client.ts'

interface Listener {
  readonly onNotify: (payload: string) => void
  readonly onReconnect: () => void
}

export interface ListenerOptions {
  readonly onIncident: OnIncident
  /** The server answers on a new connection, while this one has been silent, or lost, since that instant (`performance.now()`). */
  readonly onSilence: (since: number) => void
}

/**
 * LISTEN on a connection of its own, opened with the first channel and closed with the last. A lost connection is opened again, at
 * first after `databaseReopenDelayMs`, later less often; a query now and then finds a connection that is lost without a sign.
 */
export class NotificationListener {
  readonly #url: string
  readonly #options: ListenerOptions
  readonly #channels = new Map<string, Set<Listener>>()
  #client: pg.Client | null = null
  #connecting: Promise<pg.Client> | null = null
  /** The next heartbeat, or the next try to connect. */
  #timer: NodeJS.Timeout | null = null
  #failures = 0
  /** When the connection was lost that is not open again (`performance.now()`). */
  #lostAt: number | null = null

  constructor(url: string, options: ListenerOptions) {
    this.#url = url
    this.#options = options
  }

  /** Listens until the returned function is called. Rejects with DatabaseUnavailableError if the server cannot be reached now. */
  async listen(channel: string, listener: Listener): Promise<() => Promise<void>> {
    const listeners = this.#channels.get(channel) ?? new Set()
    this.#channels.set(channel, listeners.add(listener))
    const stop = async () => {
      if (!listeners.delete(listener) || listeners.size > 0) return
      this.#channels.delete(channel)
      if (this.#channels.size === 0) await this.close()
      else await this.#client?.query(`unlisten ${pg.escapeIdentifier(channel)}`).catch(Boolean)
    }
    try {
      const client = await this.#connected()
      await client.query(`listen ${pg.escapeIdentifier(channel)}`)
    } catch (error) {
      await stop()
      throw translateError(error)
    }
    return stop
  }

  /** Somebody has just connected to the server: a lost connection is opened again at once, for until then nobody finds out about others. */
  serverAnswers(): void {
    if (this.#lostAt !== null && !this.#connecting) this.#plan(0, () => this.#reconnect())
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    this.#channels.clear()
    await this.#connecting?.catch(Boolean)
    if (this.#timer) clearTimeout(this.#timer)
    const client = this.#client
    this.#client = null
    if (client) await end(client)
  }

  #connected(): Promise<pg.Client> {
    if (this.#client) return Promise.resolve(this.#client)
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = null
    })
    return this.#connecting
  }

  async #connect(): Promise<pg.Client> {
    const client = new PromptClient({ ...connectionConfig(this.#url), query_timeout: listenHeartbeatTimeoutMs })
    client.on('error', (error) => this.#lose(client, error))
    client.on('end', () => this.#lose(client, new Error('The connection ended.')))
    client.on('notification', ({ channel, payload = '' }) => {
      for (const { onNotify } of this.#channels.get(channel) ?? []) onNotify(payload)
    })
    try {
      await client.connect()
      for (const channel of this.#channels.keys()) await client.query(`listen ${pg.escapeIdentifier(channel)}`)
    } catch (error) {
      await end(client)
      throw error
    }
    this.#client = client
    this.#failures = 0
    this.#plan(listenHeartbeatMs, () => this.#beat(client))
    this.#makeUp()
    return client
  }

  /** Nobody was there to hear of notifications, or of connections that were lost without a sign, since this one was. */
  #makeUp(): void {
    if (this.#lostAt === null) return
    this.#options.onSilence(this.#lostAt)
    this.#lostAt = null
    for (const listeners of this.#channels.values()) for (const { onReconnect } of listeners) onReconnect()
  }

  /**
   * Looks whether the connection still answers. What is lost without a sign is told from a server that is slow, and from a process that was
   * frozen, by asking on another connection: when that is answered first, this one is lost.
   */
  async #beat(client: pg.Client): Promise<void> {
    const askedAt = performance.now()
    const answer = client.query('select 1')
    const heard = new AbortController()
    answer.catch(Boolean).then(() => heard.abort())
    try {
      await pause(connectionSilenceMs, undefined, { signal: heard.signal }).catch(Boolean)
      if (!heard.signal.aborted && (await this.#isReachable()) && !heard.signal.aborted && this.#client === client) {
        this.#options.onSilence(askedAt)
        this.#lose(client, new Error('It does not answer any more, but the server does.'))
        return
      }
      await answer
      if (this.#client === client) this.#plan(listenHeartbeatMs, () => this.#beat(client))
    } catch (error) {
      this.#lose(client, error)
    }
  }

  async #isReachable(): Promise<boolean> {
    const client = new PromptClient({ ...connectionConfig(this.#url), query_timeout: listenHeartbeatTimeoutMs })
    client.on('error', Boolean)
    try {
      await client.connect()
      await client.query('select 1')
      return true
    } catch {
      return false
    } finally {
      await end(client)
    }
  }

  #lose(client: pg.Client, cause: unknown): void {
    if (this.#client !== client) return
    this.#options.onIncident(new Error('The connection that listens for notifications broke and is opened again.', { cause }))
    this.#client = null
    this.#lostAt ??= performance.now()
    void end(client)
    this.#plan(databaseReopenDelayMs, () => this.#reconnect())
  }

  async #reconnect(): Promise<void> {
    if (this.#channels.size === 0) return
    try {
      await this.#connected()
    } catch {
      this.#failures++
      this.#plan(Math.min(databaseReopenDelayMs * 2 ** this.#failures, databaseReopenDelayMaxMs), () => this.#reconnect())
    }
  }

  #plan(delayMs: number, task: () => Promise<void>): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = setTimeout(task, delayMs)
  }
}

/** A busy or broken connection is cut at once; a sound one says goodbye. */
async function end(client: pg.Client): Promise<void> {
  await client.end().catch(Boolean)
}
