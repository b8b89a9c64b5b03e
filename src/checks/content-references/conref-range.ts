import type { ReferenceCheck } from '../check.ts'
import { topicWith } from '../example-documents.ts'
import { written } from '../reference-words.ts'

const beside = { 'steps.dita': topicWith('<ul>\n  <li id="first">Oil</li>\n  <li id="last">Water</li>\n</ul>') }

function source(start: string, end: string): string {
  return topicWith(`<ul>\n  <li conref="steps.dita#pump/${start}" conrefend="steps.dita#pump/${end}"/>\n</ul>`)
}

export const check: ReferenceCheck = {
  code: 'CONREF_RANGE',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'The end of a range (conrefend) exists, is of the same type as its start, has the same parent, and comes after it.',
  why: 'Nobody can tell which elements are meant, and the place stays empty or gets the first element alone.',
  remedy: 'Correct conrefend, or remove it to take one element only.',
  ditaOt: ['DOTX071E'],
  examples: {
    passing: { file: 'pump.dita', content: source('first', 'last'), beside },
    failing: {
      file: 'pump.dita',
      content: source('last', 'first'),
      beside,
      at: [5, 41],
      says: 'The range that ends with <li conrefend="steps.dita#pump/first"> is not possible: the end stands before the start.',
    },
  },
  describe: (reference, { detail }) =>
    `The range that ends with ${written(reference)} is not possible: ${detail ?? 'its end does not exist'}.`,
}
