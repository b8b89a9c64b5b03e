import type { Place } from '../../dita/reading.ts'
import type { DocumentCheck } from '../check.ts'
import { plainTopic } from '../example-documents.ts'
import { quoted } from '../quoted.ts'

function twoTopics(first: string, second: string): string {
  return `<dita>\n${plainTopic(first, 'Oil')}${plainTopic(second, 'Water')}</dita>\n`
}

export const check: DocumentCheck = {
  code: 'DUPLICATE_TOPIC_ID',
  looksAt: 'document',
  severity: 'warning',
  wants: 'The topics of a file have different ids.',
  why: 'References to the second topic, and to all elements in it, reach the first one instead.',
  remedy: 'Give one of the topics another id, and correct the references that mean it.',
  examples: {
    passing: { file: 'pump.dita', content: twoTopics('oil', 'water') },
    failing: {
      file: 'pump.dita',
      content: twoTopics('oil', 'oil'),
      at: [5, 1],
      says: 'The topic id “oil” is used before in this file, in line 2.',
    },
  },
  find(reading, report) {
    if (reading.syntax !== 'dita') return
    const firsts = new Map<string, Place>()
    for (const { id, place } of reading.topics) {
      if (id === null || id === '') continue
      const first = firsts.get(id)
      if (first === undefined) firsts.set(id, place)
      else report({ message: `The topic id ${quoted(id)} is used before in this file, in line ${first.line}.`, place })
    }
  },
}
