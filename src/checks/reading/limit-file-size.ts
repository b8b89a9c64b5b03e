import { maxDocumentBytes } from '../../model/document-limits.ts'
import { miB } from '../../model/units.ts'
import { targetTopic } from '../example-documents.ts'
import { failureCheck } from '../failure-check.ts'

export const check = failureCheck({
  code: 'LIMIT_FILE_SIZE',
  wants: `A DITA, Markdown or HTML file is at most ${maxDocumentBytes / miB} MiB in size. (Images and other files may be larger.)`,
  why: 'The largest real DITA files have about 1.5 MiB. Larger ones cannot be processed in bounded time and memory.',
  remedy: 'Split the file into several topics, and move embedded images into files of their own.',
  examples: {
    passing: { file: 'pump.dita', content: targetTopic },
    failing: {
      file: 'pump.dita',
      content: () => targetTopic + ' '.repeat(maxDocumentBytes),
      shown: `(a topic of more than ${maxDocumentBytes / miB} MiB)`,
      at: [1, 1],
      says: `The file has ${targetTopic.length + maxDocumentBytes} bytes; at most ${maxDocumentBytes} are read.`,
    },
  },
})
