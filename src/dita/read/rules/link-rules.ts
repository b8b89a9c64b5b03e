import { slotOf } from '../attribute-slots.ts'
import type { ElementRule, ElementRules } from './element-rule.ts'

const targetBits = ['href', 'keyref', 'conref', 'conkeyref'].reduce((bits, name) => bits | (1 << slotOf(name)), 0)

const link: ElementRule = {
  start({ slots, findings, element }, offset) {
    if ((slots.bits & targetBits) === 0) findings.observe('link-without-target', element.name, '', offset)
  },
}

/** Cross references and links that lead nowhere. */
export const linkRules: ElementRules = { 'topic/xref': link, 'topic/link': link }
