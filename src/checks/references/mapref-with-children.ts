import { mapWith, targetTopic } from '../example-documents.ts'
import { observationCheck } from '../observed.ts'
import { quoted } from '../quoted.ts'

const beside = { 'care.ditamap': mapWith('<topichead navtitle="Care"/>'), 'oil.dita': targetTopic }

export const check = observationCheck({
  code: 'MAPREF_WITH_CHILDREN',
  severity: 'info',
  wants: 'A reference to a map has no topic references inside it.',
  why: 'The content of the other map takes its place, and the references inside it are lost.',
  remedy: 'Move them behind the reference, or into the other map.',
  ditaOt: ['DOTX068W'],
  examples: {
    passing: { file: 'pump.ditamap', content: mapWith('<mapref href="care.ditamap"/>\n<topicref href="oil.dita"/>'), beside },
    failing: {
      file: 'pump.ditamap',
      content: mapWith('<mapref href="care.ditamap">\n  <topicref href="oil.dita"/>\n</mapref>'),
      beside,
      at: [3, 3],
      says: 'The reference to the map “care.ditamap” has topic references inside it, which are ignored.',
    },
  },
  words: {
    'mapref-with-children': ({ subject }) =>
      `The reference to the map ${quoted(subject)} has topic references inside it, which are ignored.`,
  },
})
