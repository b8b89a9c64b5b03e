import { type ObservationKind, observationKinds } from '../dita/observations.ts'
import type { DocumentReading, Place, ReadingFailure } from '../dita/reading.ts'
import type { Reference, ReferenceState } from '../dita/reference.ts'
import type { ResolvedReference } from '../dita/resolve/resolve-references.ts'
import { cutText } from '../model/cut-text.ts'
import { maxShownValueCharacters } from '../model/document-limits.ts'
import type { Problem } from '../model/problem.ts'
import type { Check, DocumentCheck, Finding, ProcessingFailure, ReferenceCheck } from './check.ts'
import { gatherProblems, type ProblemReport } from './problem-report.ts'
import { legible, sourceLine } from './quoted.ts'
import { checks } from './registry.ts'

type Finder = (DocumentCheck | ReferenceCheck) & { readonly find: DocumentCheck['find'] }

const finders = [...checks.values()].filter((check): check is typeof check & Finder => 'find' in check)
const unconditional = finders.filter(({ kinds }) => kinds === undefined)
/** Most checks look at observations, of which most documents have one: asking all of them took half of the time of checking. */
const findersByKind = new Map(
  (Object.keys(observationKinds) as ObservationKind[]).map((kind) => [kind, finders.filter(({ kinds }) => kinds?.includes(kind))]),
)

/** Every problem that the document shows by itself. References are described one by one, once it is known how they stand. */
export function checkDocument(reading: DocumentReading): ProblemReport {
  const observed = Map.groupBy(reading.observations, ({ kind }) => kind)
  return gatherProblems((add) => {
    const ask = (check: Finder) => check.find(reading, (finding) => add(check, () => problemOf(check, finding, reading)), observed)
    unconditional.forEach(ask)
    new Set(observed.keys().flatMap((kind) => findersByKind.get(kind)!)).forEach(ask)
  })
}

/** The one problem of a document that cannot be read, or that was not read to its end. */
export function describeFailure(failure: ReadingFailure | ProcessingFailure): Problem {
  const check = checkOf(failure.code)
  if ('message' in failure) {
    const { line = null, column = null } = failure.place ?? {}
    return problem(check, legible(failure.message), line, column, failure.excerpt)
  }
  if (check.looksAt !== 'processing') throw new Error(`${failure.code} describes no failure of processing`)
  const detail = failure.detail === null ? null : legible(cutText(failure.detail, maxShownValueCharacters))
  return problem(check, check.describe(detail), null, null, null)
}

const silentStates: ReadonlySet<ReferenceState> = new Set(['ok', 'waiting', 'external', 'peer', 'key', 'name'])

/** The problem of a reference that stands like this, or `null` where that is none. Throws for a state without a check. */
export function describeReference(reference: Reference, resolved: ResolvedReference): Problem | null {
  if (silentStates.has(resolved.state)) return null
  const check = checkOf(resolved.state)
  if (check.looksAt !== 'reference') throw new Error(`${check.code} describes no state of a reference`)
  const detail = resolved.detail === null ? null : legible(resolved.detail)
  return problem(check, check.describe(reference, { ...resolved, detail }), reference.line, reference.column, null)
}

/** The problems of all references of a document; `resolved` is parallel to `references`. */
export function describeReferences(references: readonly Reference[], resolved: readonly ResolvedReference[]): ProblemReport {
  return gatherProblems((add) => {
    references.forEach((reference, index) => {
      const standing = resolved[index]
      if (standing === undefined) throw new Error(`reference ${index} has not been resolved`)
      if (!silentStates.has(standing.state)) add(checkOf(standing.state), () => describeReference(reference, standing)!)
    })
  })
}

function checkOf(code: string): Check {
  const check = checks.get(code)
  if (check === undefined) throw new Error(`no check has the code ${code}`)
  return check
}

function problemOf(check: Check, { message, place }: Finding, reading: DocumentReading): Problem {
  if (place === null) return problem(check, message, null, null, null)
  return problem(check, message, place.line, place.column, isPlace(place) ? reading.excerpt(place) : null)
}

/** The places of references have no offset: their message shows them as they are written. */
function isPlace(place: NonNullable<Finding['place']>): place is Place {
  return 'offset' in place
}

function problem(check: Check, message: string, line: number | null, column: number | null, excerpt: string | null): Problem {
  return {
    code: check.code,
    severity: check.severity,
    message,
    remedy: check.remedy,
    line,
    column,
    excerpt: excerpt === null ? null : sourceLine(excerpt),
  }
}
