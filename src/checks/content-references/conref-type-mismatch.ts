import type { ReferenceCheck } from '../check.ts'
import { targetTopic, topicWith } from '../example-documents.ts'
import { written } from '../reference-words.ts'

const beside = { 'oil.dita': targetTopic }

export const check: ReferenceCheck = {
  code: 'CONREF_TYPE_MISMATCH',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'An element takes content from an element of the same type, or of a type derived from it.',
  why: 'The content would not be valid in its new place, so publishing leaves it out.',
  remedy: 'Change one of the two elements, or refer to another one.',
  ditaOt: ['DOTX010E'],
  examples: {
    passing: { file: 'pump.dita', content: topicWith('<p conref="oil.dita#pump/oil"/>'), beside },
    failing: {
      file: 'pump.dita',
      content: topicWith('<ul conref="oil.dita#pump/oil"/>'),
      beside,
      at: [4, 9],
      says: '<ul conref="oil.dita#pump/oil"> asks for content that does not fit: the target is a p.',
    },
  },
  describe: (reference, { detail }) =>
    `${written(reference)} asks for content that does not fit: ${detail ?? 'the target is an element of another type'}.`,
}
