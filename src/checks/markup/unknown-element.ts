import { topicWith } from '../example-documents.ts'
import { observationCheck } from '../observed.ts'
import { tag } from '../quoted.ts'

export const check = observationCheck({
  code: 'UNKNOWN_ELEMENT',
  severity: 'warning',
  wants: 'Elements have names that DITA knows, or a class attribute that says what they are derived from.',
  why: 'Publishing skips an element that it does not know, mostly together with the text in it.',
  remedy: 'Correct the name of the element. If it is a specialisation of your own, give it its class attribute.',
  ditaOt: ['DOTJ030I'],
  examples: {
    passing: { file: 'pump.dita', content: topicWith('<p>Check the oil.</p>') },
    failing: {
      file: 'pump.dita',
      content: topicWith('<para>Check the oil.</para>'),
      at: [4, 5],
      says: 'The element <para> is not known in DITA.',
    },
  },
  words: {
    'unknown-element': ({ subject, detail }) =>
      `The element ${tag(subject)} is not known in DITA${Number(detail) > 1 ? `; it occurs ${detail} times in this file` : ''}.`,
  },
})
