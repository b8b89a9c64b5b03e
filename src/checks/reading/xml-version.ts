import { plainTopic } from '../example-documents.ts'
import { failureCheck } from '../failure-check.ts'

export const check = failureCheck({
  code: 'XML_VERSION',
  wants: 'The file is XML 1.0.',
  why: 'DITA is defined for XML 1.0; most tools refuse other versions, and DITA needs nothing of them.',
  remedy: 'Write version="1.0" in the first line of the file.',
  ditaOt: ['DOTJ012F', 'DOTJ013E'],
  examples: {
    passing: { file: 'pump.dita', content: `<?xml version="1.0"?>\n${plainTopic('pump', 'The pump')}` },
    failing: {
      file: 'pump.dita',
      content: `<?xml version="1.1"?>\n${plainTopic('pump', 'The pump')}`,
      at: [1, 1],
      says: 'The XML version “1.1” is not supported, only 1.0.',
    },
  },
})
