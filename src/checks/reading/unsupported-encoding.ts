import { plainTopic } from '../example-documents.ts'
import { failureCheck } from '../failure-check.ts'

export const check = failureCheck({
  code: 'UNSUPPORTED_ENCODING',
  wants: 'The file is in an encoding that every XML tool knows: UTF-8, UTF-16, or one of the encodings of the web.',
  why: 'Tools that do not know the encoding cannot read a single character of the file.',
  remedy: 'Save the file as UTF-8.',
  ditaOt: ['DOTJ012F', 'DOTJ013E'],
  examples: {
    passing: { file: 'pump.dita', content: `<?xml version="1.0" encoding="UTF-8"?>\n${plainTopic('pump', 'The pump')}` },
    failing: {
      file: 'pump.dita',
      content: `<?xml version="1.0" encoding="UTF-7"?>\n${plainTopic('pump', 'The pump')}`,
      at: [1, 1],
      says: 'The encoding “utf-7” is not supported.',
    },
  },
})
