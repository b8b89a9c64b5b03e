import { maxAttributeValueBytes } from '../../model/document-limits.ts'
import { miB } from '../../model/units.ts'
import { topicWith } from '../example-documents.ts'
import { failureCheck } from '../failure-check.ts'

export const check = failureCheck({
  code: 'LIMIT_VALUE_LENGTH',
  wants: `The value of an attribute has at most ${maxAttributeValueBytes / miB} MiB.`,
  why: 'Only images embedded as data: addresses get that long, and most tools cannot process them.',
  remedy: 'Move the embedded image into a file of its own and refer to that.',
  examples: {
    passing: { file: 'pump.dita', content: topicWith('<image href="data:image/gif;base64,R0lGODlhAQABAAAAACw="><alt>dot</alt></image>') },
    failing: {
      file: 'pump.dita',
      content: () => topicWith(`<image href="data:image/gif;base64,${'A'.repeat(maxAttributeValueBytes)}"/>`),
      shown: `(a topic with an attribute of more than ${maxAttributeValueBytes / miB} MiB)`,
      at: [4, 18],
      says: `The value of an attribute is longer than ${maxAttributeValueBytes} bytes.`,
    },
  },
})
