import type { ObservationKind } from '../dita/observations.ts'
import type { Observation } from '../dita/reading.ts'
import type { DocumentCheck, Observed, Report } from './check.ts'

/** How the observations of some kinds read as findings. */
export type Words = Readonly<Partial<Record<ObservationKind, (observation: Observation) => string>>>

/** The check that reports every observation of the kinds it has words for. */
export function observationCheck(about: Omit<DocumentCheck, 'looksAt' | 'find'> & { readonly words: Words }): DocumentCheck {
  const { words, ...described } = about
  return {
    ...described,
    looksAt: 'document',
    kinds: Object.keys(words) as ObservationKind[],
    find: (_reading, report, observed) => reportObserved(observed, words, report),
  }
}

/** Reports every observation that `words` has words for. */
export function reportObserved(observed: Observed, words: Words, report: Report): void {
  for (const kind in words) {
    const observations = observed.get(kind as ObservationKind)
    if (observations === undefined) continue
    const say = words[kind as ObservationKind]!
    for (const observation of observations) report({ message: say(observation), place: observation.place })
  }
}
