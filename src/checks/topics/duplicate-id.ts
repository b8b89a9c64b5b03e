import type { DocumentReading, Place } from '../../dita/reading.ts'
import type { DocumentCheck } from '../check.ts'
import { topicWith } from '../example-documents.ts'
import { quoted, tag } from '../quoted.ts'

export const check: DocumentCheck = {
  code: 'DUPLICATE_ID',
  looksAt: 'document',
  severity: 'warning',
  wants: 'An id is used once in its topic, or once in its map.',
  why: 'A link or content reference to the id always reaches the first element that has it; the others cannot be reached.',
  remedy: 'Give one of the elements another id, and correct the references that mean it.',
  ditaOt: ['DOTJ057E', 'DOTX011W'],
  examples: {
    passing: { file: 'pump.dita', content: topicWith('<p id="oil">Check the oil.</p>\n<p id="water">Check the water.</p>') },
    failing: {
      file: 'pump.dita',
      content: topicWith('<p id="oil">Check the oil.</p>\n<p id="oil">Check the water.</p>'),
      at: [5, 8],
      says: 'The id “oil” of <p> is used before in the same topic “pump”, in line 4.',
    },
  },
  find(reading, report) {
    if (reading.syntax !== 'dita') return
    const firstByTopic = new Map<number, Map<string, Place | undefined>>()
    reading.targets.elements.forEach(({ id, element, topic }, index) => {
      if (id === '' || isTopic(reading, index)) return
      let firsts = firstByTopic.get(topic)
      if (firsts === undefined) firstByTopic.set(topic, (firsts = new Map()))
      if (!firsts.has(id)) firsts.set(id, reading.idPlaces[index])
      else {
        const owner = topic === -1 ? 'map' : `topic ${quoted(reading.targets.topics[topic]?.id ?? '')}`
        const first = firsts.get(id)
        const message = `The id ${quoted(id)} of ${tag(element)} is used before in the same ${owner}${first ? `, in line ${first.line}` : ''}.`
        report({ message, place: reading.idPlaces[index] ?? null })
      }
    })
  },
}

/** Ids of topics have the whole file as their space: `DUPLICATE_TOPIC_ID` looks at them. */
function isTopic({ targets }: DocumentReading, index: number): boolean {
  const element = targets.elements[index]
  const topic = element === undefined ? undefined : targets.topics[element.topic]
  return topic !== undefined && topic.id === element?.id && topic.element === element.element
}
