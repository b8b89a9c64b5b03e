/** Limits of processing runs, as in `limits.ts`. */
import { dayMs, minuteMs } from './units.ts'

/** A checkpoint: so many assets are marked and enqueued in one transaction. */
export const runBatchAssets = 500
/** Assets of a run that wait or are being processed at a time: enough to keep the workers busy, and what others wait for at most. */
export const runWindowAssets = 2000
/** A run looks at so many assets for one batch; where few pass its filter it goes on in the next transaction. */
export const runScanAssets = 20_000
/** Between two looks at how the assets of a run stand: they cost a few milliseconds each. A short run is done soon. */
export const runLookMs = 25
export const runLookMaxMs = 200
/** A run that others wait behind makes room after so long. */
export const runTurnMs = 5_000
/** Jobs of runs come after those of uploads. */
export const runPriority = -1
export const maxRunExclusions = 10_000
/** Problems of a failed asset that a run keeps: nearly always there is one. */
export const maxRunProblems = 3
/** Path rules that a dry run names: those that leave out most. */
export const maxPreviewRules = 20
/**
 * A dry run asks so long which rules leave assets out, and then says of how many it does not know. On the embedded database 200,000 assets under
 * plain rules take 0.6 s; of as many under twenty regular expressions it comes through 50,000.
 */
export const maxPreviewRulesMs = 2_000
export const runRetentionMs = 30 * dayMs
/** A mark a second, of the last minutes: from them comes how long a run will take. */
export const runMarkMs = 1000
export const runRateWindowMs = 3 * minuteMs
export const maxRunMarks = 200
export const minRunRateMs = 2_000
export const runRateBlocks = 8
/** Assets that were never processed are looked for so often. */
export const unprocessedSweepMs = 15 * minuteMs
/** A list of runs ends early where those before name so many exclusions together: each may have a megabyte of them. */
export const maxListedExclusions = 10_000
/** Runs that the history of AEM Guides' interface lists; the others are in `/api/v1/runs`. */
export const runHistoryRuns = 100
export const defaultRunLogLines = 500
export const maxRunLogLines = 10_000
export const maxIdempotencyKeyCharacters = 200
