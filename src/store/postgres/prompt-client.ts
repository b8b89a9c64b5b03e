import type { Duplex } from 'node:stream'
import pg from 'pg'
import { goodbyeTimeoutMs } from '../../model/database-limits.ts'
import { createMessageParser } from './message-parser.ts'

/** What of its connection `pg` keeps to itself. */
interface Connection {
  readonly stream: Duplex
  /** Called with the socket, or with the encrypted stream over it, when messages begin. */
  attachListeners(stream: Duplex): void
  emit(event: string, message: unknown): boolean
}

/**
 * A connection that is cut when the server does not hear that it is over. On one that is lost without a sign (half-open TCP) `end` would not
 * resolve, and its socket would keep a process that was told to stop alive, for as long as the system repeats the goodbye.
 * And it reads what comes with a parser of ours, so that bytes can come as bytes.
 */
export class PromptClient extends pg.Client {
  readonly #connection: Connection

  constructor(config?: pg.ClientConfig) {
    super(config)
    const { connection } = this as unknown as { readonly connection: Connection }
    this.#connection = connection
    connection.attachListeners = (stream) => {
      const parser = createMessageParser()
      stream.on('data', (bytes: Buffer) =>
        parser.parse(bytes, (message) => connection.emit(message.name === 'error' ? 'errorMessage' : message.name, message)),
      )
    }
  }

  override end(): Promise<void>
  override end(callback: (error: Error) => void): void
  override end(callback?: (error: Error) => void): Promise<void> | void {
    const { stream } = this.#connection
    setTimeout(() => stream.destroy(), goodbyeTimeoutMs).unref()
    return callback ? super.end(callback) : super.end()
  }
}
