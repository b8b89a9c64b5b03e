import type { ReferenceCheck } from '../check.ts'
import { targetTopic, topicWith } from '../example-documents.ts'
import { written } from '../reference-words.ts'

export const check: ReferenceCheck = {
  code: 'REF_OUTSIDE_ROOT',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'References stay inside the repository.',
  why: 'What lies above its root folder is not part of the content: it is never looked at, and the link breaks when the content is published.',
  remedy: 'Move the target into the repository, or remove some "../" from the reference.',
  ditaOt: ['DOTJ035F', 'DOTJ036W'],
  examples: {
    passing: { file: 'pump.dita', content: topicWith('<p>See <xref href="oil.dita"/>.</p>'), beside: { 'oil.dita': targetTopic } },
    failing: {
      file: 'pump.dita',
      content: topicWith('<p>See <xref href="../../../../../../oil.dita"/>.</p>'),
      at: [4, 18],
      says: '<xref href="../../../../../../oil.dita"> leads out of the repository.',
    },
  },
  describe: (reference) => `${written(reference)} leads out of the repository.`,
}
