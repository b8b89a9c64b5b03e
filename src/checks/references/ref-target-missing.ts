import type { ReferenceCheck } from '../check.ts'
import { targetTopic, topicWith } from '../example-documents.ts'
import { written, writtenWithTarget } from '../reference-words.ts'

const source = topicWith('<p>See <xref href="oil.dita"/>.</p>')

export const check: ReferenceCheck = {
  code: 'REF_TARGET_MISSING',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'Every file that a document refers to exists in the repository.',
  why: 'Readers get a dead link, an empty frame, or a chapter that is not there.',
  remedy:
    'Upload the missing file, or correct or remove the reference. If the target is elsewhere on purpose, say so with scope="peer" or scope="external".',
  ditaOt: ['DOTX008E', 'DOTX008W', 'DOTX031E', 'DOTX056W', 'DOTJ051E', 'DOTJ071E'],
  examples: {
    passing: { file: 'pump.dita', content: source, beside: { 'oil.dita': targetTopic } },
    failing: {
      file: 'pump.dita',
      content: source,
      at: [4, 18],
      says: '<xref href="oil.dita"> leads to “/content/dam/manual/oil.dita”, which does not exist.',
    },
  },
  describe: (reference, { target }) =>
    target === null
      ? `The target of ${written(reference)} does not exist.`
      : `${writtenWithTarget(reference, target)}, which does not exist.`,
}
