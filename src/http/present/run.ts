import type { Run, RunAsset, RunPreviewShape } from '../../contract/native/run.ts'
import { assetTypes } from '../../model/asset-type.ts'
import type { Problem } from '../../model/problem.ts'
import { outcomeOfLetter, runSelections } from '../../model/run.ts'
import { estimate, type RunMark, rateOf } from '../../model/run-progress.ts'
import { accepts, runStatuses } from '../../model/run-status.ts'
import type { RunOrder, RunPreview } from '../../processing/run-ports.ts'
import type { FoundRun } from '../../store/queries/find-run.ts'
import type { RunAssetRow } from '../../store/queries/list-run-assets.ts'

/** The one place where a run's row becomes what answers show; the interface of AEM Guides says the same in other words. */
export function presentRun(run: FoundRun): Run {
  const status = runStatuses[run.status]!
  const selection = runSelections[run.selection]!
  return {
    id: run.id,
    status,
    path: run.path,
    excludedPaths: run.excluded,
    filter: {
      types: run.types?.map((type) => assetTypes[type]!) ?? null,
      createdFrom: run.created_from_ms === null ? null : new Date(run.created_from_ms).toISOString(),
      createdTo: run.created_to_ms === null ? null : new Date(run.created_to_ms).toISOString(),
      only: selection === 'all' ? null : selection,
    },
    createdBy: run.created_by,
    createdAt: run.created_at.toISOString(),
    startedAt: run.started_at?.toISOString() ?? null,
    finishedAt: run.finished_at?.toISOString() ?? null,
    progress: presentProgress(run),
    error: run.error,
    logLines: run.log_lines,
    cancellable: accepts(status, 'cancelled'),
    resumable: accepts(status, 'resumed'),
    restartable: run.finished_at !== null,
  }
}

function presentProgress(run: FoundRun): Run['progress'] {
  const { total, taken, succeeded, failed, replaced, deleted } = run
  const done = succeeded + failed + replaced + deleted
  const counts = { total: total === null ? null : Math.max(total, taken), taken, done, succeeded, failed, replaced, deleted }
  if (run.finished_at !== null) {
    const seconds = run.started_at === null ? 0 : (run.finished_at.getTime() - run.started_at.getTime()) / 1000
    return { ...counts, rate: seconds > 0 && run.status === runStatuses.indexOf('SUCCESS') ? rounded(done / seconds) : null, eta: null }
  }
  const marks: RunMark[] = JSON.parse(run.marks)
  // While nothing comes to an end nobody makes a mark: the time since the last one counts as well.
  const seen = marks.length === 0 ? [] : [...marks, { atMs: Math.max(run.now.getTime(), marks.at(-1)!.atMs + 1), done }]
  const rate = rateOf(seen)
  const eta = counts.total === null ? null : estimate(seen, counts.total - done)
  return {
    ...counts,
    rate: rate === null ? null : rounded(rate),
    eta: eta && { seconds: rounded(eta.seconds), low: rounded(eta.low), high: eta.high === null ? null : rounded(eta.high) },
  }
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}

/** What a dry run says. */
export function presentRunPreview({ excluded }: RunOrder, preview: RunPreview): RunPreviewShape {
  const { total, byType, byExclusion, ignored, ignoredByRule, byFilter, overlaps } = preview
  return {
    total,
    byType,
    leftOut: [
      ...excluded.map((path, index) => ({ reason: 'exclusion' as const, path, assets: byExclusion[index]! })),
      { reason: 'ignored', path: null, assets: ignored },
      { reason: 'type', path: null, assets: byFilter.type },
      { reason: 'created', path: null, assets: byFilter.created },
      { reason: 'only', path: null, assets: byFilter.selection },
    ],
    ignoredBy: { ...ignoredByRule, rules: [...ignoredByRule.rules] },
    overlappingRun: overlaps,
  }
}

/** An asset of a run with what became of it, and the problems that made it fail. */
export function presentRunAsset({ path, uuid, revision, outcome }: RunAssetRow, problems: readonly Problem[] = []): RunAsset {
  return { path, uuid, revision, outcome: outcomeOfLetter(outcome), problems: [...problems] }
}
