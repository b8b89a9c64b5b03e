import type { DocumentCheck } from '../check.ts'
import { mapWith, plainTopic } from '../example-documents.ts'

const beside = { 'pump.dita': plainTopic('pump', 'The pump') }

export const check: DocumentCheck = {
  code: 'MISSING_MAP_TITLE',
  looksAt: 'document',
  severity: 'info',
  wants: 'A map has a title with text in it.',
  why: 'The title of what is published comes from the map. A map that is only part of another one can do without.',
  remedy: 'Write a title, unless the map is only part of another one.',
  ditaOt: ['DOTX037W'],
  examples: {
    passing: { file: 'manual.ditamap', content: mapWith('<topicref href="pump.dita"/>'), beside },
    failing: {
      file: 'manual.ditamap',
      content: '<map>\n  <topicref href="pump.dita"/>\n</map>\n',
      beside,
      at: [1, 1],
      says: 'The map has no title.',
    },
  },
  find(reading, report) {
    // Subject schemes are never published.
    if (reading.syntax !== 'dita' || reading.targets.root !== 'map' || reading.rootElement === 'subjectScheme') return
    const [map] = reading.topics
    if (map === undefined || map.titleHasKeyref || reading.title) return
    report({ message: `The map has ${map.title === null ? 'no title' : 'a title without text'}.`, place: map.place })
  },
}
