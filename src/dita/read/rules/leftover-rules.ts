import type { DitaReader } from '../dita-reader.ts'
import type { ElementRule, ElementRules } from './element-rule.ts'

function dropText(reader: DitaReader): void {
  if (reader.captures.isOpen && !reader.metadata.isOpen) reader.captures.open(reader.depth, null)
}

const aside: ElementRule = { start: dropText }

/** Draft comments and clean-up marks, and whatever else is no part of the text around it. */
export const leftoverRules: ElementRules = {
  'topic/draft-comment': {
    start(reader, offset) {
      const { findings, slots } = reader
      findings.observe('draft-comment', slots.get('author') ?? '', slots.get('disposition') ?? '', offset)
      dropText(reader)
    },
  },
  'topic/required-cleanup': {
    start(reader, offset) {
      const { findings, slots } = reader
      findings.observe('required-cleanup', slots.get('remap') ?? '', '', offset)
      dropText(reader)
    },
  },
  'topic/fn': aside,
  'topic/indexterm': aside,
  'topic/data': aside,
  'topic/foreign': aside,
  'topic/unknown': aside,
}
