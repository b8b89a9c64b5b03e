import { observationCheck } from '../observed.ts'
import { quoted, tag } from '../quoted.ts'

export const check = observationCheck({
  code: 'INVALID_CLASS',
  severity: 'warning',
  wants: 'A class attribute has the form of DITA: "- topic/topic concept/concept ", from the general type to the special one.',
  why: 'Tools tell by the class attribute what an element is. With one that is not in this form they may drop the element.',
  remedy: 'Delete the class attribute where the grammar provides it, or correct its value. For styling use outputclass.',
  ditaOt: ['DOTJ070I'],
  examples: {
    passing: {
      file: 'pump.dita',
      content: '<topic id="pump" class="- topic/topic ">\n  <title class="- topic/title ">The pump</title>\n</topic>\n',
    },
    failing: {
      file: 'pump.dita',
      content: '<topic id="pump">\n  <title class="big red">The pump</title>\n</topic>\n',
      at: [2, 10],
      says: 'The class “big red” of <title> is not in the form of DITA.',
    },
  },
  words: { 'invalid-class': ({ subject, detail }) => `The class ${quoted(subject)} of ${tag(detail)} is not in the form of DITA.` },
})
