import { plainTopic } from '../example-documents.ts'
import { failureCheck } from '../failure-check.ts'

export const check = failureCheck({
  code: 'INVALID_ENCODING',
  wants: 'The bytes of the file are text in the encoding that its XML declaration names, or in UTF-8 where it names none.',
  why: 'Characters such as é or ü would come out wrong, or be lost, wherever the text is shown.',
  remedy: 'Save the file as UTF-8, or correct the encoding in its first line (<?xml version="1.0" encoding="…"?>).',
  ditaOt: ['DOTJ012F', 'DOTJ013E'],
  examples: {
    passing: { file: 'cafe.dita', content: plainTopic('cafe', 'Café') },
    failing: {
      file: 'cafe.dita',
      content: () => Buffer.from(plainTopic('cafe', 'Café'), 'latin1'),
      shown: '(the passing example, saved as ISO-8859-1 without saying so)',
      at: [2, 13],
      says: 'The byte 0xE9 is not UTF-8 at this place.',
    },
  },
})
