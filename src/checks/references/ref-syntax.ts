import type { ReferenceCheck } from '../check.ts'
import { targetTopic, topicWith } from '../example-documents.ts'
import { written } from '../reference-words.ts'

export const check: ReferenceCheck = {
  code: 'REF_SYNTAX',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'The value of a reference is a URI: "/" between folders, no blanks, special characters written as %20 and the like.',
  why: 'Some tools repair such a value and others do not: the link works for you and breaks for your readers.',
  remedy: 'Write "/" and not "\\", %20 for a blank, %23 for "#" and %25 for "%" in names. Remove blanks and line breaks around the value.',
  ditaOt: ['DOTJ054E'],
  examples: {
    passing: {
      file: 'pump.dita',
      content: topicWith('<p>See <xref href="care/oil.dita"/>.</p>'),
      beside: { 'care/oil.dita': targetTopic },
    },
    failing: {
      file: 'pump.dita',
      content: topicWith('<p>See <xref href="care\\oil.dita"/>.</p>'),
      beside: { 'care/oil.dita': targetTopic },
      at: [4, 18],
    },
  },
  describe: (reference, { detail }) => `The value of ${written(reference)} is no valid URI${detail === null ? '' : `: ${detail}`}.`,
}
