import { slotOf } from '../attribute-slots.ts'
import type { ElementRule, ElementRules } from './element-rule.ts'

const hrefSlot = slotOf('href')
const copyToSlot = slotOf('copy-to')

const topicref: ElementRule = {
  start(reader, offset) {
    const { slots } = reader
    reader.map?.startTopicref({
      element: reader.element.name,
      depth: reader.depth,
      place: reader.findings.places.at(offset),
      isNavigation: !(reader.cascade?.resourceOnly ?? false),
      reference: slots.has(hrefSlot) ? (reader.references.references.findLast(({ attribute }) => attribute === 'href') ?? null) : null,
      copyTo: slots.value(copyToSlot),
    })
  },
  end(reader, depth) {
    reader.map?.endTopicref(depth)
  },
}

const relationshipTable: ElementRule = {
  start: (reader) => reader.map?.startTable(reader.depth),
  end: (reader, depth) => reader.map?.endTable(depth),
}

/** Topicrefs and relationship tables of maps; see {@link MapObserver}. */
export const mapRules: ElementRules = { 'map/topicref': topicref, 'map/reltable': relationshipTable }
