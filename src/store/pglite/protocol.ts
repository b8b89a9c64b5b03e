import type { DiskThresholds } from './disk-guard.ts'
import type { MaintenanceIntervals } from './maintenance.ts'

/** What the thread is started with. */
export interface EngineSettings {
  readonly directory: string
  readonly disk: DiskThresholds
  readonly maintenance: MaintenanceIntervals
  /** One 32-bit number: the id of the request that is running now, 0 for none. Read by the watchdog in the main thread. */
  readonly running: SharedArrayBuffer
  /** Of the {@link LogSync}. */
  readonly log: SharedArrayBuffer
}

/** How a transaction begins. It is rolled back after `timeoutMs`. */
export interface Beginning {
  readonly isolation: string
  readonly timeoutMs: number
}

export interface Statement {
  readonly kind: 'run'
  readonly text: string
  readonly values: readonly unknown[]
}

/**
 * `transaction` is a number that the caller chooses. A transaction begins with its first statement, which takes no message of its own: each
 * costs both threads more than PostgreSQL's part of it, and the database waits for the next one meanwhile.
 */
export type Work =
  | (Statement & { readonly transaction: number; readonly begins: Beginning | null })
  | (Statement & { readonly transaction: null })
  | { readonly kind: 'commit'; readonly transaction: number }
  | { readonly kind: 'rollback'; readonly transaction: number }
  | { readonly kind: 'close' }

/** `forget` withdraws a request that still waits for its turn; it gets no answer. */
export type ToEngine = (Work & { readonly id: number }) | { readonly kind: 'forget'; readonly id: number }

export interface RunResult {
  /** The last statement's command tag, such as INSERT. */
  readonly command: string
  readonly affectedRows: number
  readonly rows: Record<string, unknown>[]
}

/**
 * A result on its way from the thread. Rows whose values are all binary travel as PostgreSQL has written them, with names and types (OIDs)
 * of their columns: the bytes move, where each object would be copied.
 */
export type EngineResult = RunResult | (Omit<RunResult, 'rows'> & { readonly rows: Uint8Array; readonly columns: readonly WireColumn[] })

export type WireColumn = readonly [name: string, type: number]

/** An error of PostgreSQL has its fields (code, severity, constraint …); others only a message. */
export interface WireError {
  readonly message: string
  readonly fields: Readonly<Record<string, string>>
}

/** What was notified since the last answer travels with the next one: a message of its own would wake the other thread twice. */
interface Answer {
  readonly id: number
  /** The number of the sync that has to end before anybody may hear of it. */
  readonly sync: number
  readonly notifications: readonly Notification[]
}

export interface Notification {
  readonly channel: string
  readonly payload: string
}

export type FromEngine =
  | { readonly kind: 'opened' }
  | (Answer & { readonly kind: 'done'; readonly result: EngineResult })
  | (Answer & { readonly kind: 'failed'; readonly error: WireError })
  /** Something failed that nobody asked for: a vacuum, a checkpoint. */
  | { readonly kind: 'incident'; readonly error: WireError }
  /** PostgreSQL has ended itself (PANIC or FATAL); one more query would spin for ever. */
  | { readonly kind: 'dead'; readonly error: WireError }
