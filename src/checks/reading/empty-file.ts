import { targetTopic } from '../example-documents.ts'
import { failureCheck } from '../failure-check.ts'

export const check = failureCheck({
  code: 'EMPTY_FILE',
  wants: 'A DITA file has content.',
  why: 'An empty file has no title, no id and no text. It is often what an interrupted save or upload leaves behind.',
  remedy: 'Upload the file again from a good copy, or delete it and the references to it.',
  ditaOt: ['DOTJ012F', 'DOTJ013E'],
  examples: {
    passing: { file: 'pump.dita', content: targetTopic },
    failing: { file: 'pump.dita', content: '\n', shown: '(an empty line)', at: [1, 1], says: 'The file is empty.' },
  },
})
