import { type AssetType, typeByExtension } from '../../model/asset-type.ts'
import type { DocumentCheck } from '../check.ts'
import { mapWith, targetTopic } from '../example-documents.ts'

const nouns: Partial<Record<AssetType, string>> = { DITATOPIC: 'a topic', DITAMAP: 'a map', DITAVAL: 'a filter file (DITAVAL)' }

export const check: DocumentCheck = {
  code: 'EXTENSION_ROOT_MISMATCH',
  looksAt: 'document',
  severity: 'warning',
  wants: 'A topic is named .dita, a map .ditamap and a filter file .ditaval. (All of them may be named .xml.)',
  why: 'References without a format attribute take the extension for the truth, so a map named .dita is not followed and a topic named .ditamap breaks the map.',
  remedy: 'Rename the file and the references to it, or put the format attribute on each reference.',
  examples: {
    passing: { file: 'pump.ditamap', content: mapWith('<topicref href="pump.dita"/>'), beside: { 'pump.dita': targetTopic } },
    failing: { file: 'pump.ditamap', content: targetTopic, at: null, says: 'The name of the file promises a map, but it holds a topic.' },
  },
  find(reading, report) {
    const promised = nouns[typeByExtension(reading.path)]
    const actual = nouns[reading.type]
    if (reading.syntax !== 'dita' && reading.syntax !== 'ditaval') return
    if (promised === undefined || actual === undefined || promised === actual) return
    report({ message: `The name of the file promises ${promised}, but it holds ${actual}.`, place: null })
  },
}
