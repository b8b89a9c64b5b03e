import { topicWith } from '../example-documents.ts'
import { observationCheck } from '../observed.ts'
import { legible, tag } from '../quoted.ts'

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'

export const check = observationCheck({
  code: 'FOREIGN_ELEMENT',
  severity: 'warning',
  wants: 'Elements of other vocabularies stand inside foreign, unknown, or an element made for them such as svg-container or mathml.',
  why: 'Elsewhere publishing does not know what to do with them. An inclusion (xi:include) is never carried out.',
  remedy: 'Put the element inside <foreign>, or replace it by the means of DITA: conref for inclusion, image for a picture.',
  examples: {
    passing: { file: 'pump.dita', content: topicWith(`<fig><foreign>${svg}</foreign></fig>`) },
    failing: {
      file: 'pump.dita',
      content: topicWith(`<fig>${svg}</fig>`),
      at: [4, 10],
      says: 'The element <svg> is not DITA: it belongs to another vocabulary (http://www.w3.org/2000/svg).',
    },
  },
  words: {
    'foreign-element': ({ subject, detail }) =>
      `The element ${tag(subject)} is not DITA: it belongs to another vocabulary (${legible(detail)}).`,
  },
})
