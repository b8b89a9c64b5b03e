import { DatabaseUnavailableError, DiskFullError } from '../database-errors.ts'

/** Of Node's sockets, and PostgreSQL's SQLSTATEs (appendix A) that say nothing about the statement. */
const unavailableCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  '25P03', // idle_in_transaction_session_timeout
  '25006', // read_only_sql_transaction: a standby, or a primary that has just become one
  '53300', // too_many_connections
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
])

/** `pg` and its pool throw these without a code. */
const unavailableMessages = [
  'Query read timeout',
  'timeout exceeded when trying to connect',
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed',
  'timeout expired',
  'Cannot use a pool after calling end',
]

/** Turns an error of `pg` into the error our callers expect; what concerns the statement itself stays as it is. */
export function translateError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === '53100') return new DiskFullError('The disk of the PostgreSQL server is full.', { cause: error })
  const unavailable =
    unavailableCodes.has(code) || code.startsWith('08') || unavailableMessages.some((text) => error.message.startsWith(text))
  return unavailable ? new DatabaseUnavailableError(`PostgreSQL does not answer: ${error.message || code}`, { cause: error }) : error
}
