/** Limits of events and of the streams of them, as in `limits.ts`. */

/** Events that one look at the log goes through for a filter that few of them pass: some 20 ms. */
export const maxScannedEvents = 20_000
/** How long the audit goes on looking for one page. */
export const auditLookMs = 1_000
export const defaultEventRetentionDays = 30
/** What callers have changed is asked for after a year, at an audit. Some 200 bytes each. */
export const defaultAuditRetentionDays = 365
/** Changes that `assay audit` prints. */
export const maxPrintedChanges = 1_000_000
/** Removed in one statement. A sweep goes on until nothing is left, or until its time is over. */
export const prunedEventsAtOnce = 2_000
export const eventPruneTimeMs = 5_000
/** Events read at once for all who follow the log. */
export const eventsPerRead = 500
/**
 * Events that one follower is given at a time, and holds while its reader takes nothing: 0.2 MB of long paths. With 500, which catch up a
 * fifth faster, 200 readers that took nothing filled a heap of 200 MB.
 */
export const eventsPerRun = 100
/** The newest events that are kept in memory for all streams together, some 500 bytes each: a stream that stops for a moment asks nobody. */
export const maxTailEvents = 5_000
/** Commits that follow one another within this time are read together: 500 assets a second are some hundred of them. */
export const eventReadGapMs = 10
/** While a transaction under way holds the reader up. */
export const eventHeldBackMs = 20
/** A transaction that holds readers up for longer is named in the log of the server. */
export const eventHoldWarningMs = 30_000
/** A notification can be lost with its connection. */
export const eventLookAgainMs = 1_000
/** Streams of one token, or of the administrator. A browser opens six connections to a server at most. */
export const maxStreamsPerIdentity = 50
/** Streams of one process. */
export const maxEventStreams = 2_000
/**
 * Proxies end a connection on which nothing comes, after 30 seconds the most impatient ones. At each one it is looked whether the
 * credential still holds.
 */
export const streamHeartbeatMs = 15_000
/** A stream that takes nothing for so long is ended: its reader goes on later from where it was. */
export const slowStreamMs = 30_000
/** Bytes that wait for a slow reader, besides what the system's socket takes. */
export const streamBufferBytes = 64 * 1024
/** When the reader of a stream that ended should come again. */
export const streamRetryMs = 1_000
export const maxEventPaths = 100
/** Paths of a status job that its event tells: a page of a thousand events that told all of them would be gigabytes. */
export const maxToldPaths = 10
/** Names of changed properties that an event tells. */
export const maxToldNames = 20
/** Errors that the event of a failure tells; the asset has all of them. */
export const maxEventProblems = 3
