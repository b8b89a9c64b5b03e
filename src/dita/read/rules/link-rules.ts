import { slotOf } from '../attribute-slots.ts'
import type { DitaReader } from '../dita-reader.ts'
import type { ElementRule, ElementRules } from './element-rule.ts'

const targets = ['href', 'keyref', 'conref', 'conkeyref'].map(slotOf)

/** Cross references and links that lead nowhere. */
export function linkRules(reader: DitaReader): ElementRules {
  const link: ElementRule = {
    start(offset) {
      if (targets.some((slot) => reader.slots.has(slot))) return
      reader.findings.observe('link-without-target', reader.element.name, '', reader.findings.places.at(offset))
    },
  }
  return { 'topic/xref': link, 'topic/link': link }
}
