/** Limits of the embedded database and of PostgreSQL servers, as in `limits.ts`. */
import { hourMs, miB } from './units.ts'

// Embedded database
export const databaseCallTimeoutMs = 30_000
/** Times that a transaction is begun which a deadlock or a concurrent update ends. Each deadlock costs the second in which it is noticed. */
export const transactionTries = 5
export const checkpointIntervalMs = 60_000
/** Distinct statements of ours and of the queue: about 120. Each keeps its plan in the memory of PostgreSQL, some 50 kB. */
export const maxPreparedStatements = 200
export const vacuumDeadRows = 20_000
/** Free space under which writes are refused with 507, and the ballast file that is given up to recover. */
export const minFreeDiskBytes = 256 * miB
export const diskBallastBytes = 64 * miB
/** Share of a disk that stays free as well: file systems slow down and fragment when they are fuller. */
export const minFreeDiskFraction = 0.05
export const diskCheckIntervalMs = 1_000
/** Opening replays up to 256 MB of WAL, which takes seconds on a fast disk (640 MB: 4.8 s). */
export const databaseOpenTimeoutMs = 120_000
export const databaseReopenDelayMs = 250
export const databaseReopenDelayMaxMs = 5_000
export const databaseCloseTimeoutMs = 15_000
export const vacuumIntervalMs = 10_000
/** A vacuum of millions of rows is slow, but one that never ends must not keep everybody waiting. */
export const maintenanceTimeoutMs = 600_000

// PostgreSQL server
export const queueQueryTimeoutMs = 15_000
export const apiQueryTimeoutMs = 5_000
export const connectionTimeoutMs = 5_000
export const reaperIntervalMs = 250
export const migrationTimeoutMs = hourMs
export const apiPoolConnections = 10
/** Each transactional queue handler holds one connection, and the queue's own statements need a few. */
export const queuePoolConnections = 10
export const idleConnectionTimeoutMs = 30_000
/**
 * Between two statements of a transaction. We need milliseconds; longer is a process that is frozen or cut off, and holds up the others: at 5 s
 * one in ten recoveries after half-open connections took as long.
 */
export const idleTransactionMs = 3_000
/** A connection that is closed is cut when the server has not answered that by then; so is one whose statement has not ended. */
export const goodbyeTimeoutMs = 1_000
/** One connection is asked so often, for all of the process. */
export const listenHeartbeatMs = 1_000
export const listenHeartbeatTimeoutMs = 5_000
/** A connection that is silent so long is lost, if the server answers on another one. */
export const connectionSilenceMs = 1_500
