import { maxElements } from '../../model/document-limits.ts'
import { topicWith } from '../example-documents.ts'
import { failureCheck } from '../failure-check.ts'

export const check = failureCheck({
  code: 'LIMIT_ELEMENTS',
  wants: `A file has at most ${maxElements} elements.`,
  why: 'The largest real files have about 40,000. More cannot be processed in bounded time and memory.',
  remedy: 'Split the file into several topics.',
  examples: {
    passing: { file: 'pump.dita', content: topicWith('<p/>\n<p/>') },
    failing: {
      file: 'pump.dita',
      content: () => topicWith(`${'<p/>'.repeat(maxElements - 3)}\n<p/>`),
      shown: `(a topic with ${maxElements + 1} elements)`,
      at: [5, 5],
      says: `The document has more than ${maxElements} elements.`,
    },
  },
})
