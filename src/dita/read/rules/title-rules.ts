import { slotOf } from '../attribute-slots.ts'
import type { DitaReader } from '../dita-reader.ts'
import type { ElementRule, ElementRules } from './element-rule.ts'

const elsewhere = ['keyref', 'conref', 'conkeyref'].map(slotOf)

/** Titles of topics and maps, and the short description of the first topic. Other titles (tables, sections) are plain text. */
export function titleRules(reader: DitaReader): ElementRules {
  const { captures, slots } = reader
  const ownsTitle = () => {
    const parent = reader.open[reader.depth - 1]?.kind
    return parent === 'topic' || parent === 'map'
  }
  const title: ElementRule = {
    start() {
      const topic = reader.topics.at(-1)
      if (topic === undefined || !ownsTitle() || topic.title !== null) return
      reader.titled = topic
      if (elsewhere.some((slot) => slots.has(slot))) topic.titleHasKeyref = true
      captures.open(reader.depth, (text) => {
        topic.title ??= text
        reader.titled = null
      })
    },
  }
  const mainTitle: ElementRule = {
    start(offset) {
      const topic = reader.titled
      const { name } = reader.element
      if (topic === null) return
      captures.open(reader.depth, (text) => {
        topic.title = text
        reader.findings.addMetadata(name, text, null, offset)
      })
    },
  }
  const titlePart: ElementRule = {
    start(offset) {
      const { name } = reader.element
      if (reader.titled !== null) captures.open(reader.depth, (text) => reader.findings.addMetadata(name, text, null, offset))
    },
  }
  const shortDescription: ElementRule = {
    start() {
      if (reader.metadata.isOpen || reader.topics.length !== 1 || reader.shortDescription !== null) return
      captures.open(reader.depth, (text) => {
        reader.shortDescription ??= text === '' ? null : text
      })
    },
  }
  return {
    'topic/title': title,
    'bookmap/mainbooktitle': mainTitle,
    'bookmap/booklibrary': titlePart,
    'bookmap/booktitlealt': titlePart,
    'topic/shortdesc': shortDescription,
    'map/shortdesc': shortDescription,
  }
}
