import { mapWith, plainTopic } from '../example-documents.ts'
import { observationCheck } from '../observed.ts'
import { attribute } from '../quoted.ts'

const beside = { 'oil.dita': plainTopic('oil', 'Oil'), 'water.dita': plainTopic('water', 'Water') }

function source(first: string, second: string): string {
  return mapWith(`<topicref href="oil.dita" copy-to="${first}"/>\n<topicref href="water.dita" copy-to="${second}"/>`)
}

export const check = observationCheck({
  code: 'COPY_TO',
  severity: 'warning',
  wants: 'The names that a map gives with copy-to differ from one another and from the topics of the map.',
  why: 'Two topics want to become the same file: one of them is lost when the map is published.',
  remedy: 'Choose another name for one of them.',
  ditaOt: ['DOTX064W', 'DOTX065W'],
  examples: {
    passing: { file: 'pump.ditamap', content: source('first.dita', 'second.dita'), beside },
    failing: {
      file: 'pump.ditamap',
      content: source('first.dita', 'first.dita'),
      beside,
      at: [4, 3],
      says: 'The name copy-to="first.dita" is given to another topic before, in line 3.',
    },
  },
  words: {
    'copy-to-repeated': ({ subject, detail }) =>
      `The name ${attribute('copy-to', subject)} is given to another topic before, in line ${detail}.`,
    'copy-to-existing': ({ subject, detail }) =>
      `The name ${attribute('copy-to', subject)} is that of another topic of the map, in line ${detail}.`,
  },
})
