import type { DocumentReading, Place, ReadingFailure } from '../dita/reading.ts'
import type { Reference, TargetTable } from '../dita/reference.ts'
import type { Severity } from '../model/problem.ts'

/** Where a finding stands and how it reads. `message` is one sentence; values from the document are cut and quoted in it. */
export interface Finding {
  readonly message: string
  readonly place?: Place | { readonly line: number; readonly column: number } | null
}

export type Report = (finding: Finding) => void

/** A document that shows a check at work: the test runs it, the reference page prints it. */
export interface Example {
  /** File name; its extension matters to some checks. */
  readonly file: string
  readonly content: string
  /** Other files of the tree, for reference checks: name → content. */
  readonly beside?: Readonly<Record<string, string>>
}

interface CheckBase {
  /** Stable, in capitals: file name `missing-topic-id.ts` → `MISSING_TOPIC_ID`. */
  readonly code: string
  readonly severity: Severity
  /** What a good document does: a sentence for the reference page. */
  readonly wants: string
  /** Why it matters to the writer. */
  readonly why: string
  /** What to do about it: an order that a writer can follow. */
  readonly remedy: string
  /** The DITA-OT messages that speak of the same thing. */
  readonly ditaOt?: readonly string[]
  readonly examples: { readonly passing: Example; readonly failing: Example }
}

/** Looks at one document by itself. */
export interface DocumentCheck extends CheckBase {
  readonly looksAt: 'document'
  find(reading: DocumentReading, report: Report): void
}

/** Explains why a document could not be read: its code is the failure's. */
export interface FailureCheck extends CheckBase {
  readonly looksAt: 'failure'
  readonly severity: 'error'
  find(failure: ReadingFailure, report: Report): void
}

/** Explains a reference whose state is this check's code (`dita/resolve` decides the state, the check words it). */
export interface ReferenceCheck extends CheckBase {
  readonly looksAt: 'reference'
  describe(reference: Reference, context: ReferenceContext): string
}

/** What is known where a reference is described. `target` is the repository path it leads to, where it is a local one. */
export interface ReferenceContext {
  readonly target: string | null
  /** The path of an asset that nearly matches (letter case, Unicode form), or `null`. */
  readonly nearTarget: string | null
  readonly targetTable: TargetTable | null
  /** Further text from the resolver, e.g. the round of a loop. */
  readonly detail: string | null
}

export type Check = DocumentCheck | FailureCheck | ReferenceCheck
