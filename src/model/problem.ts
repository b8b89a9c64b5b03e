/** `error` makes an asset a FAILURE; `warning` and `info` leave it a SUCCESS. */
export const severities = ['error', 'warning', 'info'] as const
export type Severity = (typeof severities)[number]

/**
 * One finding on one asset. `code` is stable and names a file in `checks/`; everything a person needs is in the problem itself.
 *
 * `line` and `column` count from 1 (columns in characters, not bytes) and are `null` where the file as a whole is meant.
 * `excerpt` is the source text around the place, cut to `maxExcerptCharacters`; `remedy` says what to do.
 */
export interface Problem {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly remedy: string
  readonly line: number | null
  readonly column: number | null
  readonly excerpt: string | null
}

/** Orders problems for people: errors first, then by place in the file. */
export function compareProblems(a: Problem, b: Problem): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)
  )
}
