import type { ReferenceCheck } from '../check.ts'
import { mapWith } from '../example-documents.ts'
import { written } from '../reference-words.ts'

const beside = { 'care.ditamap': mapWith('<topichead navtitle="Care"/>') }

export const check: ReferenceCheck = {
  code: 'REF_FORMAT',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'The format of a reference says what the target is: dita, ditamap, html, pdf and so on.',
  why: 'Tools read the target as what the format says: a map taken for a topic is not followed, an image taken for a topic stops publishing.',
  remedy: 'Correct the format attribute, or add format="ditamap" to the reference to a map.',
  ditaOt: ['DOTJ028E', 'DOTX006E', 'DOTJ061E', 'DOTX016W', 'DOTJ013E'],
  examples: {
    passing: { file: 'pump.ditamap', content: mapWith('<topicref href="care.ditamap" format="ditamap"/>'), beside },
    failing: {
      file: 'pump.ditamap',
      content: mapWith('<topicref href="care.ditamap" format="dita"/>'),
      beside,
      at: [3, 13],
      says: 'The format of <topicref href="care.ditamap"> does not fit its target: format="dita" on a map.',
    },
  },
  describe: (reference, { detail }) =>
    `The format of ${written(reference)} does not fit its target${detail === null ? '' : `: ${detail}`}.`,
}
