import type { ObservationKind } from '../dita/observations.ts'
import type { DocumentReading, Observation } from '../dita/reading.ts'
import type { DocumentCheck, Report } from './check.ts'

/** How the observations of some kinds read as findings. */
export type Words = Readonly<Partial<Record<ObservationKind, (observation: Observation) => string>>>

/** The check that reports every observation of the kinds it has words for. */
export function observationCheck(about: Omit<DocumentCheck, 'looksAt' | 'find'> & { readonly words: Words }): DocumentCheck {
  const { words, ...described } = about
  return { ...described, looksAt: 'document', find: (reading, report) => reportObserved(reading, words, report) }
}

/** Reports every observation of `reading` that `words` has words for. */
export function reportObserved(reading: DocumentReading, words: Words, report: Report): void {
  if (reading.observations.length === 0) return
  for (const kind in words) {
    for (const observation of observed(reading, kind as ObservationKind)) {
      report({ message: words[kind as ObservationKind]!(observation), place: observation.place })
    }
  }
}

/** The observations of one kind, in document order. */
export function observed(reading: DocumentReading, kind: ObservationKind): readonly Observation[] {
  let byKind = groups.get(reading.observations)
  if (byKind === undefined)
    groups.set(reading.observations, (byKind = Map.groupBy(reading.observations, (observation) => observation.kind)))
  return byKind.get(kind) ?? []
}

/** Grouped once for some thirty checks: a document may have hundreds of thousands of observations. */
const groups = new WeakMap<readonly Observation[], Map<ObservationKind, Observation[]>>()
