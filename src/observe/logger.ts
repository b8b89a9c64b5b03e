import { type DestinationStream, type Logger, pino } from 'pino'
import pretty from 'pino-pretty'
import type { LogLevel } from '../config/settings.ts'

export type { Logger } from 'pino'

/** Names under which a credential could stand in a logged object, at its top or one level below. */
const credentialNames = ['authorization', 'cookie', 'password', 'token', 'secret', 'headers.authorization', 'headers.cookie']

/** How much is logged, and where it goes. */
export interface LoggerOptions {
  readonly level: LogLevel
  /** Where lines go: the standard output unless told otherwise. */
  readonly destination?: DestinationStream
  /** Lines for people instead of JSON; by default when the standard output is a terminal. */
  readonly readable?: boolean
}

/**
 * The stream itself and not pino's own writer for a file descriptor: when whoever read the log has gone, that one tries again for ever
 * and the process stands still (sonic-boom's `flushSync` on EPIPE). Writes to files and pipes are synchronous here too.
 */
const standardOutput: DestinationStream = {
  write(line) {
    process.stdout.write(line)
  },
}

/**
 * Makes the logger of a process. Lines are written synchronously: the last words before a crash are the ones that matter, and one line
 * per batch is no load. Credentials are replaced by `[secret]` wherever they could slip in.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { level, destination = standardOutput, readable = options.destination === undefined && process.stdout.isTTY === true } = options
  const settings = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: credentialNames.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
  }
  if (!readable) return pino(settings, destination)
  return pino(settings, pretty({ sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'event', singleLine: true, destination }))
}
