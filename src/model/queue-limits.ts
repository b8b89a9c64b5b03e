/** Limits of the queue, as in `limits.ts`. */

/**
 * Orders of uploads are sent together, when none has come for the first time; at the latest after the last, or when so many wait. A job costs
 * half as long as receiving a file, however many orders it has, and batches of 20 assets three times as long for each as batches of hundreds.
 * Where as many wait as make no small batch an import is under way: its groups come every 80 ms, and a transaction for each held up the next one.
 */
export const orderGatherMs = 50
export const bulkOrderGatherMs = 250
export const maxOrderGatherMs = 1_000
export const maxOrderGatherAssets = 2_000
/** After a failed try to send them. */
export const orderRetryMs = 1_000
/** Fetched at a time. One would strand work: a queue that notifies does not poll again at once after a single job. */
export const queueBatchJobs = 16
/** Orders of small jobs are processed together up to this number. */
export const queueMergeAssets = 500
/** Batches of one kind of job under way at a time in one process: one is read and written while the other is parsed. */
export const queueConcurrentBatches = 2
/** A worker rests after a batch of fewer assets, so many times as long as the batch took, but not longer than this. */
export const smallBatchAssets = 50
export const smallBatchRestFactor = 4
export const smallBatchRestMaxMs = 250
export const queueHeartbeatRefreshSeconds = 3
/** A worker that froze is noticed within the heartbeat and this. */
export const queueSuperviseSeconds = 2
/** With the embedded database no worker can freeze without the rest: looking every two seconds took 8 % of the time of the database. */
export const queueEmbeddedSuperviseSeconds = 60
/** Finished jobs are kept for whoever looks for a cause; our own tables hold the history. */
export const queueDeleteAfterSeconds = 3600
export const queueMaintenanceSeconds = 600
/**
 * How often the queue looks for jobs that others wait for, which are never sent. Every five seconds it was 4 % of the statements' time of
 * an import.
 */
export const queueFlowSeconds = 86_400
export const queueStartAttempts = 5
/** Tries to store a dead job's outcome: the database may be away for hours. */
export const queueDeadRetryLimit = 100
/** A job that was claimed a moment ago may not be locked yet; after it, a job without a lock has lost its worker. */
export const jobLockGraceMs = 500
/** The connection with the locks is used four times a second; the server ends it, and frees the locks, when it was not for so long. */
export const jobLockSilenceMs = 5_000
/** Time for a look at the locks; a longer one is taken for a lost connection. */
export const jobLockTimeoutMs = 3_000
/** Between tries to connect again for the locks, and time for each try. */
export const jobLockReconnectMs = 250
export const jobLockConnectTimeoutMs = 2_000
/** When a lost lock connection is back, others may be without theirs for as long: nothing is taken away from them meanwhile. */
export const jobLockSettleMs = 1_000
/** Tries after the first that may fail by themselves. */
export const queueRetryLimit = 5
/** Tries that a job gets besides because its worker died, was stopped, or lost the database: none of that is the job's fault. */
export const queueHandBackLimit = 100
/** Between tries while the store of large contents is away: it may be so for 50 minutes before assets fail. */
export const contentStoreRestSeconds = 30
export const queueRetryDelaySeconds = 1
export const queueRetryDelayMaxSeconds = 60
export const queueHeartbeatSeconds = 10
/** Counts from the fetch, and the jobs of one fetch are done one after another: slow contents must not use up the tries of the last. */
export const queueExpireSeconds = 1800
export const queuePollSeconds = 0.5
/** A pass goes on as long as targets change, which during a large import is hours. 24 hours is the most that pg-boss takes. */
export const resolveExpireSeconds = 24 * 3600
