import type { EventDetail } from '../model/event.ts'
import { maxEventProblems } from '../model/event-limits.ts'
import type { Problem } from '../model/problem.ts'

/** What the event of a FAILURE says of it, as JSON: the first errors. The asset has all of its problems. */
export function describeErrors(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').slice(0, maxEventProblems)
  return JSON.stringify({ problems: errors.map(({ code, message }) => ({ code, message })) } satisfies EventDetail)
}
