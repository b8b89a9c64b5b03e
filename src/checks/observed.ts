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
  for (const observation of reading.observations) {
    const message = words[observation.kind]?.(observation)
    if (message !== undefined) report({ message, place: observation.place })
  }
}
