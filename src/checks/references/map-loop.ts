import type { ReferenceCheck } from '../check.ts'
import { mapWith } from '../example-documents.ts'
import { writtenWithTarget } from '../reference-words.ts'

const source = mapWith('<mapref href="care.ditamap"/>')

export const check: ReferenceCheck = {
  code: 'MAP_LOOP',
  looksAt: 'reference',
  severity: 'warning',
  wants: 'No map includes itself, directly or through other maps.',
  why: 'Such a publication has no end. Tools cut it off at a place of their own choice, or run until they are stopped.',
  remedy: 'Remove one of the map references that form the round.',
  ditaOt: ['DOTX053E'],
  examples: {
    passing: { file: 'pump.ditamap', content: source, beside: { 'care.ditamap': mapWith('<topichead navtitle="Care"/>') } },
    failing: {
      file: 'pump.ditamap',
      content: source,
      beside: { 'care.ditamap': mapWith('<mapref href="pump.ditamap"/>') },
      at: [3, 11],
      says: '<mapref href="care.ditamap"> includes the map “/content/dam/manual/care.ditamap”, and so the map comes to include itself: pump.ditamap line 3 (mapref to care.ditamap) → care.ditamap line 3 (mapref to pump.ditamap) → pump.ditamap line 3 (mapref to care.ditamap).',
    },
  },
  describe: (reference, { target, detail }) =>
    `${writtenWithTarget(reference, target)}, and so the map comes to include itself${detail === null ? '' : `: ${detail}`}.`,
}
