import { maxRunMarks, minRunRateMs, runRateBlocks, runRateWindowMs } from './run-limits.ts'

/** So many assets of a run were done at a moment, in milliseconds since any fixed one. */
export interface RunMark {
  readonly atMs: number
  readonly done: number
}

/**
 * What is left of a run, in seconds. The truth lies between `low` and `high` nine times in ten, if the work ahead is like that of the last
 * minutes.
 */
export interface RunEstimate {
  readonly seconds: number
  readonly low: number
  /** `null`: there may be no end in sight. */
  readonly high: number | null
}

/** Factors of the standard error for nine times in ten, by the number of blocks (Student's t, two-sided, one degree of freedom less). */
const studentT = [0, 0, 6.31, 2.92, 2.35, 2.13, 2.02, 1.94, 1.89, 1.86, 1.83]
/** What cannot be seen in a rate: assets ahead that are larger or smaller than those behind. */
const leastUncertainty = 0.1

/** The marks to keep once `mark` has come: those that the next estimates look at. */
export function withMark(marks: readonly RunMark[], mark: RunMark): RunMark[] {
  const kept = marks.filter(({ atMs }) => atMs >= mark.atMs - runRateWindowMs)
  return [...kept.slice(1 - maxRunMarks), mark]
}

/** Assets a second over the marks; `null` before there is enough to see. */
export function rateOf(marks: readonly RunMark[]): number | null {
  const [first, last] = [marks[0], marks.at(-1)]
  if (!first || !last || last.atMs - first.atMs < minRunRateMs) return null
  return ((last.done - first.done) / (last.atMs - first.atMs)) * 1000
}

/**
 * How long `remaining` assets will take, from how the rate was and how much it varied. The time of the marks is cut into equal blocks, whose
 * rates are taken for independent. `null` before there is enough to see, and while nothing moves.
 */
export function estimate(marks: readonly RunMark[], remaining: number): RunEstimate | null {
  if (remaining <= 0) return { seconds: 0, low: 0, high: 0 }
  const rate = rateOf(marks)
  if (rate === null || rate <= 0) return null
  const blockMs = (marks.at(-1)!.atMs - marks[0]!.atMs) / runRateBlocks
  const rates = blockRates(marks, blockMs)
  const variance = rates.reduce((sum, one) => sum + (one - rate) ** 2, 0) / (rates.length - 1)
  // The mean of what was seen is uncertain, and so is that of what comes, the more the shorter it lasts.
  const blocksAhead = ((remaining / rate) * 1000) / blockMs
  const error = (studentT[rates.length] ?? 1.81) * Math.sqrt(variance * (1 / rates.length + 1 / blocksAhead))
  const margin = Math.max(error, rate * leastUncertainty)
  return { seconds: remaining / rate, low: remaining / (rate + margin), high: rate > margin ? remaining / (rate - margin) : null }
}

function blockRates(marks: readonly RunMark[], blockMs: number): number[] {
  const from = marks[0]!.atMs
  const doneAt = Array.from({ length: runRateBlocks + 1 }, (_, block) => doneBy(marks, from + block * blockMs))
  return doneAt.slice(1).map((done, block) => ((done - doneAt[block]!) / blockMs) * 1000)
}

/** Between two marks the work is taken for even. */
function doneBy(marks: readonly RunMark[], atMs: number): number {
  const next = marks.findIndex((mark) => mark.atMs >= atMs)
  if (next === -1) return marks.at(-1)!.done
  if (next === 0) return marks[0]!.done
  const [before, after] = [marks[next - 1]!, marks[next]!]
  return before.done + ((after.done - before.done) * (atMs - before.atMs)) / (after.atMs - before.atMs)
}
