import type { ReferenceCheck } from '../check.ts'
import { topicWith } from '../example-documents.ts'
import { written } from '../reference-words.ts'

function source(second: string): string {
  return topicWith(`<p id="oil" conref="#pump/water"/>\n<p id="water"${second}`)
}

export const check: ReferenceCheck = {
  code: 'CONREF_LOOP',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'No element takes its content from itself, directly or through other elements.',
  why: 'Such content has no end, or no beginning: publishing drops it.',
  remedy: 'Write the content out in one of the elements that form the round.',
  ditaOt: ['DOTX013E'],
  examples: {
    passing: { file: 'pump.dita', content: source('>Check the water.</p>') },
    failing: {
      file: 'pump.dita',
      content: source(' conref="#pump/oil"/>'),
      at: [4, 17],
      says: '<p conref="#pump/water"> comes back to the element itself: pump.dita line 4 (p to #pump/water) → pump.dita line 5 (p to #pump/oil) → pump.dita line 4 (p to #pump/water).',
    },
  },
  describe: (reference, { detail }) => `${written(reference)} comes back to the element itself${detail === null ? '' : `: ${detail}`}.`,
}
