import type { DitaReader } from '../dita-reader.ts'
import type { ElementRule, ElementRules } from './element-rule.ts'

/** Draft comments and clean-up marks, and whatever else is no part of the text around it. */
export function leftoverRules(reader: DitaReader): ElementRules {
  const { captures, findings, slots } = reader
  const dropText = () => {
    if (captures.isOpen && !reader.metadata.isOpen) captures.open(reader.depth, null)
  }
  const aside: ElementRule = { start: dropText }
  return {
    'topic/draft-comment': {
      start(offset) {
        findings.observe('draft-comment', slots.get('author') ?? '', slots.get('disposition') ?? '', findings.places.at(offset))
        dropText()
      },
    },
    'topic/required-cleanup': {
      start(offset) {
        findings.observe('required-cleanup', slots.get('remap') ?? '', '', findings.places.at(offset))
        dropText()
      },
    },
    'topic/fn': aside,
    'topic/indexterm': aside,
    'topic/data': aside,
    'topic/foreign': aside,
    'topic/unknown': aside,
  }
}
