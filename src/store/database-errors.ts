/** The database did not answer, or not in time. Nothing is known about a write in flight. The caller answers 503 with Retry-After. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError'
}

/** The disk that holds the data is nearly full: reads go on, writes are refused. The caller answers 507. */
export class DiskFullError extends Error {
  override readonly name = 'DiskFullError'
}

/** The database cannot be used as it is, and trying again does not help: the message says what an operator has to do. */
export class DatabaseRefusedError extends Error {
  override readonly name = 'DatabaseRefusedError'
}
