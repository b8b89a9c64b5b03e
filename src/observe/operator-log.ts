import type { AssetPath } from '../model/asset-path.ts'
import type { Logger } from './logger.ts'

/**
 * What is worth telling an operator, one function per kind of line. Fields are fixed, so that a log can be searched and counted by `event`
 * without reading sentences. Durations are milliseconds. (What happens to content is told to callers as well: `processing/event-log.ts`.)
 */
export interface OperatorLog {
  serverStarted(fields: { url: string | null; role: string; database: string; threads: number; durationMs: number }): void
  serverStopping(fields: { reason: string }): void
  serverStopped(fields: { durationMs: number }): void
  batchSettled(fields: { assets: number; succeeded: number; failed: number; outdated: number; durationMs: number }): void
  assetFailed(fields: { path: AssetPath; revision: number; codes: readonly string[] }): void
  /** A pass over changed targets looked at so many referrers and found so many changed. */
  referencesResolved(fields: { looked: number; written: number }): void
  statusJobFinished(fields: { jobId: string; assets: number; durationMs: number }): void
  statusJobFailed(fields: { jobId: string; reason: string }): void
  /** A reading thread was ended from outside; `path` is the asset it was reading. */
  threadEnded(fields: { reason: 'timeout' | 'memory' | 'crash'; path: string | null }): void
  /** Nothing of ours prints in a thread but what went wrong there. */
  threadPrinted(fields: { line: string }): void
  /** Assets that nobody was going to process are processed by a run now. */
  unprocessedTakenUp(fields: { runId: string }): void
  runFinished(fields: { runId: string }): void
  runFailed(fields: { runId: string; reason: string }): void
  /** A message could not be delivered; it will be tried again, if `retryInMs` says when. `receiver` is a host, as a URL may hold a secret. */
  webhookFailed(fields: {
    webhook: string
    receiver: string
    message: string
    status: number | null
    reason: string
    retryInMs: number | null
  }): void
  webhookDisabled(fields: { webhook: string; receiver: string }): void
  /** Events that were not delivered yet have been removed from the log, because they were too old. */
  webhookMissedEvents(fields: { webhook: string; receiver: string }): void
  /** Delivering was broken off, and goes on. */
  webhookTrouble(fields: { error: unknown }): void
  /** A transaction that has written events and does not end: until it does, nobody is told of what happened since. */
  eventsHeldUp(fields: { pid: number; application: string; state: string; ageMs: number }): void
  /** The database was opened again, a connection broke, a vacuum failed: Assay has dealt with it. */
  databaseIncident(fields: { error: Error }): void
  /** A job or a statement of the queue failed and will be tried again. */
  queueTrouble(fields: { queue: string | null; jobs: readonly string[]; error: unknown }): void
}

/** Writes each event as one log line. */
export function createOperatorLog(logger: Logger): OperatorLog {
  return {
    serverStarted: (fields) => logger.info({ event: 'server-started', ...fields }, 'server started'),
    serverStopping: (fields) => logger.info({ event: 'server-stopping', ...fields }, 'server stopping'),
    serverStopped: (fields) => logger.info({ event: 'server-stopped', ...fields }, 'server stopped'),
    batchSettled: (fields) => logger.info({ event: 'batch-settled', ...fields }, 'batch settled'),
    assetFailed: (fields) => logger.info({ event: 'asset-failed', ...fields }, 'asset failed'),
    referencesResolved: (fields) => logger.debug({ event: 'references-resolved', ...fields }, 'references resolved again'),
    statusJobFinished: (fields) => logger.info({ event: 'status-job-finished', ...fields }, 'status job finished'),
    statusJobFailed: (fields) => logger.error({ event: 'status-job-failed', ...fields }, 'status job failed'),
    threadEnded: (fields) => logger.warn({ event: 'thread-ended', ...fields }, 'reading thread ended'),
    threadPrinted: (fields) => logger.warn({ event: 'thread-printed', ...fields }, 'a reading thread printed a line'),
    unprocessedTakenUp: (fields) =>
      logger.warn({ event: 'unprocessed-taken-up', ...fields }, 'a run takes up assets that were never processed'),
    runFinished: (fields) => logger.info({ event: 'run-finished', ...fields }, 'processing run finished'),
    runFailed: (fields) => logger.error({ event: 'run-failed', ...fields }, 'processing run failed'),
    webhookFailed: (fields) => logger.info({ event: 'webhook-failed', ...fields }, 'webhook not delivered'),
    webhookDisabled: (fields) => logger.warn({ event: 'webhook-disabled', ...fields }, 'webhook disabled'),
    webhookMissedEvents: (fields) => logger.error({ event: 'webhook-missed-events', ...fields }, 'webhook has missed events'),
    webhookTrouble: ({ error }) => logger.warn({ event: 'webhook-trouble', err: error }, 'delivering webhooks goes on after an error'),
    eventsHeldUp: (fields) => logger.warn({ event: 'events-held-up', ...fields }, 'a transaction holds up the readers of events'),
    databaseIncident: ({ error }) => logger.warn({ event: 'database-incident', err: error }, error.message),
    queueTrouble: ({ error, ...fields }) => logger.warn({ event: 'queue-trouble', ...fields, err: error }, 'a job will be tried again'),
  }
}
