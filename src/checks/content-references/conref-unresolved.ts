import type { ReferenceCheck } from '../check.ts'
import { targetTopic, topicWith } from '../example-documents.ts'
import { writtenWithTarget } from '../reference-words.ts'

const source = topicWith('<p conref="oil.dita#pump/oil"/>')

export const check: ReferenceCheck = {
  code: 'CONREF_UNRESOLVED',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'The element whose content is reused exists.',
  why: 'The content is missing where it should be: readers get an empty paragraph, step or row.',
  remedy: 'Correct the reference, upload the missing file, or give the element that is meant this id.',
  ditaOt: ['DOTX010E', 'DOTJ043W', 'DOTJ051E', 'DOTJ060W'],
  examples: {
    passing: { file: 'pump.dita', content: source, beside: { 'oil.dita': targetTopic } },
    failing: {
      file: 'pump.dita',
      content: source,
      at: [4, 8],
      says: '<p conref="oil.dita#pump/oil"> takes content from “/content/dam/manual/oil.dita”: this file does not exist.',
    },
  },
  describe: (reference, { target, detail }) => `${writtenWithTarget(reference, target)}: ${detail ?? 'this file does not exist'}.`,
}
