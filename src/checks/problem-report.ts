import { maxProblemsPerAsset, maxProblemsPerCode } from '../model/document-limits.ts'
import { compareProblems, type Problem, type Severity } from '../model/problem.ts'

/** The problems of an asset in the order for people, at most `maxProblemsPerAsset`, and how many there are in truth. */
export interface ProblemReport {
  readonly problems: readonly Problem[]
  readonly counts: Readonly<Record<Severity, number>>
  /** Exact counts by code. */
  readonly countsByCode: ReadonlyMap<string, number>
}

/** Takes a problem of a check. Makes it only where it is kept: a document may have hundreds of thousands. */
export type AddProblem = (check: { readonly code: string; readonly severity: Severity }, make: () => Problem) => void

/** Gathers what `fill` adds: of each code the first `maxProblemsPerCode` are kept, all are counted. */
export function gatherProblems(fill: (add: AddProblem) => void): ProblemReport {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 }
  const countsByCode = new Map<string, number>()
  const problems: Problem[] = []
  fill(({ code, severity }, make) => {
    const before = countsByCode.get(code) ?? 0
    countsByCode.set(code, before + 1)
    counts[severity]++
    if (before < maxProblemsPerCode) problems.push(make())
  })
  problems.sort(compareProblems)
  return { problems: problems.slice(0, maxProblemsPerAsset), counts, countsByCode }
}
