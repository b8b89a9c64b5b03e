import { mapWith, targetTopic } from '../example-documents.ts'
import { observationCheck } from '../observed.ts'
import { quoted } from '../quoted.ts'

const beside = { 'oil.dita': targetTopic }

export const check = observationCheck({
  code: 'TOPICREF_REPEATED',
  severity: 'info',
  wants: 'A map that uses a topic twice gives the second use a name of its own with copy-to.',
  why: 'In web output both uses become one page, with the place in the navigation, and the next and previous links, of only one of them.',
  remedy: 'Nothing, if that is meant. Otherwise remove one of the references, or add a copy-to attribute to it.',
  examples: {
    passing: {
      file: 'pump.ditamap',
      content: mapWith('<topicref href="oil.dita"/>\n<topicref href="oil.dita" copy-to="oil-again.dita"/>'),
      beside,
    },
    failing: {
      file: 'pump.ditamap',
      content: mapWith('<topicref href="oil.dita"/>\n<topicref href="oil.dita"/>'),
      beside,
      at: [4, 3],
      says: 'The topic “oil.dita” is used before in this map, in line 3, and has no copy-to.',
    },
  },
  words: {
    'topicref-repeated': ({ subject, detail }) =>
      `The topic ${quoted(subject)} is used before in this map, in line ${detail}, and has no copy-to.`,
  },
})
