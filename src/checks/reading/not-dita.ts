import { targetTopic } from '../example-documents.ts'
import { failureCheck } from '../failure-check.ts'

export const check = failureCheck({
  code: 'NOT_DITA',
  wants: 'A file whose name promises DITA (.dita, .ditamap, .ditaval) holds DITA.',
  why: 'References to the file expect a topic or map and find something else. Often an error page, a pointer file or an image was saved under the wrong name.',
  remedy: 'Upload the right content, or give the file the extension of what it is.',
  ditaOt: ['DOTJ021E', 'DOTJ022F', 'DOTJ034F'],
  examples: {
    passing: { file: 'pump.dita', content: targetTopic },
    failing: {
      file: 'pump.dita',
      content: '<!DOCTYPE html>\n<html>\n  <head><title>404 Not Found</title></head>\n  <body>Not found</body>\n</html>\n',
      at: [1, 1],
      says: 'The file is an HTML page, not a DITA document.',
    },
  },
})
