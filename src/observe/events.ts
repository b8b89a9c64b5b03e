import type { AssetPath } from '../model/asset-path.ts'
import type { Logger } from './logger.ts'

/**
 * What is worth telling an operator, one function per event. Fields are fixed, so that a log can be searched and counted by `event`
 * without reading sentences. Durations are milliseconds.
 */
export interface BusinessEvents {
  serverStarted(fields: { url: string | null; role: string; database: string; threads: number; durationMs: number }): void
  serverStopping(fields: { reason: string }): void
  serverStopped(fields: { durationMs: number }): void
  /** One upload is one line at level debug: a large import would drown everything else. */
  assetReceived(fields: { path: AssetPath; uuid: string; revision: number; outcome: string; size: number }): void
  batchSettled(fields: { assets: number; succeeded: number; failed: number; outdated: number; durationMs: number }): void
  assetFailed(fields: { path: AssetPath; revision: number; codes: readonly string[] }): void
  /** A pass over changed targets looked at so many referrers and found so many changed. */
  referencesResolved(fields: { looked: number; written: number }): void
  statusJobFinished(fields: { jobId: string; assets: number; durationMs: number }): void
  statusJobFailed(fields: { jobId: string; reason: string }): void
  /** A reading thread was ended from outside; `path` is the asset it was reading. */
  threadEnded(fields: { reason: 'timeout' | 'memory' | 'crash'; path: string | null }): void
  stuckAssetsRequeued(fields: { assets: number }): void
  databaseLost(fields: { reason: string }): void
  databaseReopened(fields: { durationMs: number }): void
  diskNearlyFull(fields: { freeBytes: number }): void
  /** A fault of ours: the only event that carries a stack. */
  requestFailed(fields: { requestId: string; method: string; route: string; error: unknown }): void
}

/** Writes each event as one log line. */
export function createBusinessEvents(logger: Logger): BusinessEvents {
  return {
    serverStarted: (fields) => logger.info({ event: 'server-started', ...fields }, 'server started'),
    serverStopping: (fields) => logger.info({ event: 'server-stopping', ...fields }, 'server stopping'),
    serverStopped: (fields) => logger.info({ event: 'server-stopped', ...fields }, 'server stopped'),
    assetReceived: (fields) => logger.debug({ event: 'asset-received', ...fields }, 'asset received'),
    batchSettled: (fields) => logger.info({ event: 'batch-settled', ...fields }, 'batch settled'),
    assetFailed: (fields) => logger.info({ event: 'asset-failed', ...fields }, 'asset failed'),
    referencesResolved: (fields) => logger.debug({ event: 'references-resolved', ...fields }, 'references resolved again'),
    statusJobFinished: (fields) => logger.info({ event: 'status-job-finished', ...fields }, 'status job finished'),
    statusJobFailed: (fields) => logger.error({ event: 'status-job-failed', ...fields }, 'status job failed'),
    threadEnded: (fields) => logger.warn({ event: 'thread-ended', ...fields }, 'reading thread ended'),
    stuckAssetsRequeued: (fields) => logger.warn({ event: 'stuck-assets-requeued', ...fields }, 'stuck assets queued again'),
    databaseLost: (fields) => logger.error({ event: 'database-lost', ...fields }, 'database lost'),
    databaseReopened: (fields) => logger.warn({ event: 'database-reopened', ...fields }, 'database reopened'),
    diskNearlyFull: (fields) => logger.error({ event: 'disk-nearly-full', ...fields }, 'disk nearly full: uploads are refused'),
    requestFailed: ({ error, ...fields }) => logger.error({ event: 'request-failed', ...fields, err: error }, 'request failed'),
  }
}
