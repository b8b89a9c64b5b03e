import type { DocumentCheck } from '../check.ts'
import { plainTopic } from '../example-documents.ts'
import { quoted, tag } from '../quoted.ts'

export const check: DocumentCheck = {
  code: 'MISSING_TITLE',
  looksAt: 'document',
  severity: 'warning',
  wants: 'Every topic has a title with text in it.',
  why: 'The table of contents, search results and the text of links come from the title: without one they are empty.',
  remedy: 'Write a title.',
  ditaOt: ['DOTX037W', 'DOTJ088E'],
  examples: {
    passing: { file: 'pump.dita', content: plainTopic('pump', 'The pump') },
    failing: { file: 'pump.dita', content: plainTopic('pump', ''), at: [1, 1], says: 'The topic “pump” has a title without text.' },
  },
  find(reading, report) {
    if (reading.syntax !== 'dita' || reading.targets.root === 'map') return
    for (const { id, element, title, titleHasKeyref, place } of reading.topics) {
      if (titleHasKeyref || (title !== null && title !== '')) continue
      const topic = id === null || id === '' ? `The topic ${tag(element)}` : `The topic ${quoted(id)}`
      report({ message: `${topic} has ${title === null ? 'no title' : 'a title without text'}.`, place })
    }
  },
}
