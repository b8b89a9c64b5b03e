import type { Duplex } from 'node:stream'
import pg from 'pg'
import { goodbyeTimeoutMs } from '../../model/limits.ts'

/**
 * A connection that is cut when the server does not hear that it is over. On one that is lost without a sign (half-open TCP) `end` would not
 * resolve, and its socket would keep a process that was told to stop alive, for as long as the system repeats the goodbye.
 */
export class PromptClient extends pg.Client {
  override end(): Promise<void>
  override end(callback: (error: Error) => void): void
  override end(callback?: (error: Error) => void): Promise<void> | void {
    const { stream } = (this as unknown as { connection: { stream: Duplex } }).connection
    setTimeout(() => stream.destroy(), goodbyeTimeoutMs).unref()
    return callback ? super.end(callback) : super.end()
  }
}
