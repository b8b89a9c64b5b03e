import type { ReferenceCheck } from '../check.ts'
import { targetTopic, topicWith } from '../example-documents.ts'
import { quoted } from '../quoted.ts'
import { fragmentOf, written } from '../reference-words.ts'

function source(fragment: string): string {
  return topicWith(`<p>See <xref href="oil.dita#${fragment}"/>.</p>`)
}

export const check: ReferenceCheck = {
  code: 'REF_FRAGMENT_MISSING',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'The topic or element that a reference names behind "#" exists in the target.',
  why: 'The link leads to the top of the page or to nothing, and its text cannot be taken from the target.',
  remedy: 'Correct the part behind "#", or give the element that is meant this id.',
  ditaOt: ['DOTX032E'],
  examples: {
    passing: { file: 'pump.dita', content: source('pump/oil'), beside: { 'oil.dita': targetTopic } },
    failing: {
      file: 'pump.dita',
      content: source('pump/water'),
      beside: { 'oil.dita': targetTopic },
      at: [4, 18],
      says: 'There is no “pump/water” in “/content/dam/manual/oil.dita”, to which <xref href="oil.dita#pump/water"> leads.',
    },
  },
  describe: (reference, { target }) =>
    `There is no ${quoted(fragmentOf(reference))} in ${target === null ? 'the target' : quoted(target)}, to which ${written(reference)} leads.`,
}
