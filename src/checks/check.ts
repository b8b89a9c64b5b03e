import type { ObservationKind } from '../dita/observations.ts'
import type { DocumentReading, Observation, Place, ReadingFailure } from '../dita/reading.ts'
import type { Reference } from '../dita/reference.ts'
import type { ResolvedReference } from '../dita/resolve/resolve-references.ts'
import type { Severity } from '../model/problem.ts'

/** Where a finding stands and how it reads. `message` is one sentence; values from the document are quoted by `quoted`. */
export interface Finding {
  readonly message: string
  /** `null`: the file as a whole is meant. */
  readonly place: Place | { readonly line: number; readonly column: number } | null
}

/** Takes a finding of the check that is at work. */
export type Report = (finding: Finding) => void

/** The observations of a document by their kind, in document order: grouped once for some thirty checks, for there may be hundreds of thousands. */
export type Observed = ReadonlyMap<ObservationKind, readonly Observation[]>

/** A document that shows a check at work: the test runs it, the reference page prints it. */
export interface Example {
  /** File name; its extension matters to some checks. */
  readonly file: string
  readonly content: ExampleContent
  /** Stands for a made content on the reference page. */
  readonly shown?: string
  /** Other files of the tree: name → content. */
  readonly beside?: Readonly<Record<string, ExampleContent>>
}

/** A text, or what makes the content where it is too long to print or not text. */
export type ExampleContent = string | (() => string | Uint8Array)

/** An example in which the check finds something: first at this line and column, or `null` for the file as a whole. */
interface FailingExample extends Example {
  readonly at: readonly [line: number, column: number] | null
  /** The message of that finding. */
  readonly says: string
}

interface Described {
  /** Stable, in capitals: file name `missing-topic-id.ts` → `MISSING_TOPIC_ID`. */
  readonly code: string
  /** `error` only where no trustworthy tree exists: it makes the asset a FAILURE. */
  readonly severity: Severity
  /** What a good document does: a sentence for the reference page. */
  readonly wants: string
  /** Why it matters to the writer. */
  readonly why: string
  /** What to do about it: an order that a writer can follow. */
  readonly remedy: string
  /** The DITA-OT messages that speak of the same thing. */
  readonly ditaOt?: readonly string[]
}

interface Exemplified extends Described {
  readonly examples: { readonly passing: Example; readonly failing: FailingExample }
}

interface Finder {
  /** Where it looks at nothing but observations of these kinds: it is asked only if there are some. */
  readonly kinds?: readonly ObservationKind[]
  /** Finds what the document shows without the tree. */
  find(reading: DocumentReading, report: Report, observed: Observed): void
}

/** Looks at one document by itself. */
export interface DocumentCheck extends Exemplified, Finder {
  readonly looksAt: 'document'
  readonly severity: 'warning' | 'info'
}

/**
 * Explains a reference whose state is this check's code (`dita/resolve` decides the state, the check words it), and finds what stands for the same
 * without the tree, if anything does.
 */
export interface ReferenceCheck extends Exemplified, Partial<Finder> {
  readonly looksAt: 'reference'
  readonly severity: 'warning' | 'info'
  describe(reference: Reference, resolved: ResolvedReference): string
}

/** Explains a document that cannot be read. What exactly is wrong is in the reader's own message. */
export interface FailureCheck extends Exemplified {
  readonly looksAt: 'failure'
  readonly severity: 'error'
  readonly code: ReadingFailure['code']
}

/** Explains a revision that was not read to its end for a reason that no document shows: it has no examples. */
export interface ProcessingCheck extends Described {
  readonly looksAt: 'processing'
  readonly severity: 'error'
  /** When it is reported: a sentence in the place of examples. */
  readonly occurs: string
  /** One sentence for the asset. `detail` is what is known of this case, a part of a sentence, or `null`. */
  describe(detail: string | null): string
}

/** Any check, told apart by `looksAt`. */
export type Check = DocumentCheck | ReferenceCheck | FailureCheck | ProcessingCheck

/** A revision that was not read to its end. `detail` is a part of a sentence that says more of this case, or `null`. */
export interface ProcessingFailure {
  readonly code: 'PROCESSING_TIMEOUT' | 'PROCESSING_CRASHED' | 'PROCESSING_MEMORY' | 'CONTENT_UNREADABLE'
  readonly detail: string | null
}
