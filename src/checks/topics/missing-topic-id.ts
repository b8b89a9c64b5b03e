import type { DocumentCheck } from '../check.ts'
import { targetTopic } from '../example-documents.ts'
import { tag } from '../quoted.ts'

export const check: DocumentCheck = {
  code: 'MISSING_TOPIC_ID',
  looksAt: 'document',
  severity: 'warning',
  wants: 'Every topic has an id.',
  why: 'Links and content references address a topic and all that is in it by its id: without one they have nothing to point at.',
  remedy: 'Give the topic an id that is unique in its file, such as id="install-pump".',
  ditaOt: ['DOTJ066E', 'DOTJ067E'],
  examples: {
    passing: { file: 'pump.dita', content: targetTopic },
    failing: {
      file: 'pump.dita',
      content: '<topic>\n  <title>The pump</title>\n</topic>\n',
      at: [1, 1],
      says: 'The topic <topic> has no id.',
    },
  },
  find(reading, report) {
    if (reading.syntax !== 'dita' || reading.targets.root === 'map') return
    for (const { id, element, place } of reading.topics) {
      if (id === null || id.trim() === '')
        report({ message: `The topic ${tag(element)} has ${id === null ? 'no id' : 'an empty id'}.`, place })
    }
  },
}
