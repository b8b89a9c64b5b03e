import { typeByExtension } from '../../model/asset-type.ts'
import type { DocumentCheck } from '../check.ts'
import { targetTopic } from '../example-documents.ts'
import { reportObserved, type Words } from '../observed.ts'
import { tag } from '../quoted.ts'

const words: Words = {
  'unknown-root': ({ subject }) => `The root element ${tag(subject)} is no known topic or map type and has no class attribute.`,
}

export const check: DocumentCheck = {
  code: 'UNKNOWN_ROOT',
  looksAt: 'document',
  severity: 'warning',
  wants: 'The root element of a DITA file is a topic or map type that is known, or says by its class attribute what it is derived from.',
  why: 'No grammar is loaded, so nobody can tell whether an unknown root element is a topic or a map: title, id and references may be missed.',
  remedy: 'Correct the name of the root element. If it is a specialisation of your own, give it its class attribute.',
  ditaOt: ['DOTJ021E', 'DOTJ030I'],
  examples: {
    passing: { file: 'pump.dita', content: targetTopic },
    failing: {
      file: 'pump.dita',
      content: '<pumpdescription id="pump">\n  <title>The pump</title>\n</pumpdescription>\n',
      at: [1, 1],
      says: 'The root element <pumpdescription> is no known topic or map type and has no class attribute.',
    },
  },
  find(reading, report, observed) {
    if (typeByExtension(reading.path) === 'OTHERS') return
    reportObserved(observed, words, report)
  },
}
