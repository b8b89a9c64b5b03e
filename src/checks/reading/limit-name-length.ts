import { maxNameBytes } from '../../model/document-limits.ts'
import { topicWith } from '../example-documents.ts'
import { failureCheck } from '../failure-check.ts'

export const check = failureCheck({
  code: 'LIMIT_NAME_LENGTH',
  wants: `The names of elements, attributes and entities have at most ${maxNameBytes} bytes.`,
  why: 'No DITA name has more than 40. Longer ones are made by broken scripts or to make programs slow.',
  remedy: 'Shorten the name, or repair the script that made it.',
  examples: {
    passing: { file: 'pump.dita', content: topicWith('<p/>') },
    failing: {
      file: 'pump.dita',
      content: () => topicWith(`<${'p'.repeat(maxNameBytes + 1)}/>`),
      shown: `(a topic with an element whose name has ${maxNameBytes + 1} letters)`,
      at: [4, 6],
      says: `A name is longer than ${maxNameBytes} bytes.`,
    },
  },
})
