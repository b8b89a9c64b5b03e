import { slotOf } from '../attribute-slots.ts'
import type { DitaReader } from '../dita-reader.ts'
import type { ElementRule, ElementRules } from './element-rule.ts'

const elsewhere = ['keyref', 'conref', 'conkeyref'].map(slotOf)

function isTitleOfTopic(reader: DitaReader): boolean {
  const parent = reader.open[reader.depth - 1]?.info.kind
  return parent === 'topic' || parent === 'map'
}

const title: ElementRule = {
  start(reader) {
    const topic = reader.topics.at(-1)
    if (topic === undefined || topic.title !== null || !isTitleOfTopic(reader)) return
    reader.titled = topic
    if (elsewhere.some((slot) => reader.slots.has(slot))) topic.titleHasKeyref = true
    reader.captures.open(reader.depth, (text) => {
      topic.title ??= text
      reader.titled = null
    })
  },
}

const mainTitle: ElementRule = {
  start(reader, offset) {
    const topic = reader.titled
    const { name } = reader.element
    if (topic === null) return
    reader.captures.open(reader.depth, (text) => {
      topic.title = text
      reader.findings.addMetadata(name, text, null, offset)
    })
  },
}

const titlePart: ElementRule = {
  start(reader, offset) {
    const { name } = reader.element
    if (reader.titled === null) return
    reader.captures.open(reader.depth, (text) => reader.findings.addMetadata(name, text, null, offset))
  },
}

const shortDescription: ElementRule = {
  start(reader) {
    if (reader.metadata.isOpen || reader.topics.length !== 1 || reader.shortDescription !== null) return
    reader.captures.open(reader.depth, (text) => {
      reader.shortDescription ??= text === '' ? null : text
    })
  },
}

/** Titles of topics and maps, and the short description of the first topic. Other titles (tables, sections) are plain text. */
export const titleRules: ElementRules = {
  'topic/title': title,
  'bookmap/mainbooktitle': mainTitle,
  'bookmap/booklibrary': titlePart,
  'bookmap/booktitlealt': titlePart,
  'topic/shortdesc': shortDescription,
  'map/shortdesc': shortDescription,
}
