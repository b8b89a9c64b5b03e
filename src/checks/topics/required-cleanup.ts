import { topicWith } from '../example-documents.ts'
import { observationCheck } from '../observed.ts'
import { quoted } from '../quoted.ts'

export const check = observationCheck({
  code: 'REQUIRED_CLEANUP',
  severity: 'info',
  wants: 'A topic that is ready holds no required-cleanup element.',
  why: 'It holds content that a conversion did not understand. Publishing leaves it out.',
  remedy: 'Move the content into proper elements and delete the required-cleanup element.',
  ditaOt: ['DOTX039W'],
  examples: {
    passing: { file: 'pump.dita', content: topicWith('<p>Check the oil.</p>') },
    failing: {
      file: 'pump.dita',
      content: topicWith('<required-cleanup remap="center">Check the oil.</required-cleanup>'),
      at: [4, 5],
      says: 'There is content left to clean up (it was “center” before its conversion).',
    },
  },
  words: {
    'required-cleanup': ({ subject }) =>
      `There is content left to clean up${subject === '' ? '' : ` (it was ${quoted(subject)} before its conversion)`}.`,
  },
})
