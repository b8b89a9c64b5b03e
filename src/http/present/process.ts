import { type ProcessStatus, processingType } from '../../contract/guides/process.ts'
import type { Run } from '../../contract/native/run.ts'
import type { FoundRun } from '../../store/queries/find-run.ts'
import { presentRun } from './run.ts'

/** A run in the words of AEM Guides; the keys are in the order of its documentation. */
export function presentProcess(row: FoundRun): ProcessStatus {
  const run = presentRun(row)
  const { progress, filter } = run
  return {
    processingId: run.id,
    path: run.path,
    excludedPaths: run.excludedPaths,
    status: run.status,
    triggeredCount: progress.taken,
    startedAt: epochMs(run.startedAt),
    completedAt: epochMs(run.finishedAt),
    hasLogs: run.logLines > 0,
    createdBy: run.createdBy,
    type: processingType,
    migrationSet: { totalFiles: progress.total ?? 0, calculationStatus: progress.total === null ? 'WAITING' : 'SUCCESS' },
    eta: { value: etaOf(run), unit: 'SECONDS' },
    comments: commentOn(run),
    // As its Bulk Processor offers it: what was cancelled or has failed is resumed there.
    restartable: run.status === 'SUCCESS',
    resumable: run.resumable,
    cancellable: run.cancellable,
    filter: {
      fileTypes: filter.types ?? [],
      ...(filter.createdFrom !== null && { startTime: Date.parse(filter.createdFrom) }),
      ...(filter.createdTo !== null && { endTime: Date.parse(filter.createdTo) }),
      filterProcessedAssets: filter.only === 'unprocessed',
    },
  }
}

function etaOf({ finishedAt, progress }: Run): number | null {
  if (finishedAt !== null) return 0
  return progress.eta === null ? null : Math.ceil(progress.eta.seconds)
}

/** What AEM Guides has no key for. */
function commentOn({ status, error, progress: { taken, done, failed, total } }: Run): string {
  if (error !== null) return error
  if (status === 'CANCELLED') return `Cancelled when ${done} of ${total ?? taken} assets were done.`
  return failed === 0 ? '' : `${failed} of ${done} assets failed: the log says why.`
}

function epochMs(instant: string | null): number | null {
  return instant === null ? null : Date.parse(instant)
}
